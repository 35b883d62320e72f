"""Arguments of source `http`."""

from enum import Enum
from typing import NotRequired, TypedDict


class HttpAuthorization(Enum):
    """Who may post."""

    IAM = "iam"
    """Whoever IAM lets invoke the API, by a signed request."""
    NONE = "none"
    """Everybody who knows the address."""


class HttpSourceArgs(TypedDict):
    """Requests posted to an HTTP API: answered with 202 once the body is in the inbox."""

    path: NotRequired[str]
    """Path that is posted to. Default: `/`."""
    authorization: NotRequired[HttpAuthorization]
    """Who may post. Default: iam."""
    requests_per_second: NotRequired[int]
    """Most requests a second, on average; more are answered 429. Needed with `none`, where one client could use up the
    10,000 a second that an account has in a Region. Default: the account's limit."""
    burst: NotRequired[int]
    """Most requests at once. Default: as `requests_per_second`."""
    access_logs: NotRequired[bool]
    """Keep a line of each request in `{function}-{source}-access`, a log group. Default: False."""

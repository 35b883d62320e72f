"""Arguments of source `http`."""

from enum import Enum
from typing import NotRequired, TypedDict


class HttpAuthorization(Enum):
    """Callers that may post."""

    IAM = "iam"
    """Callers allowed `execute-api:Invoke`, with SigV4."""
    NONE = "none"
    """Anyone who knows the URL."""


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
    """Log each request to the log group `{function}-{source}-access`. Default: False."""

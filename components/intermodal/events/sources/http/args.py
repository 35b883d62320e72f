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
    """Requests posted to an HTTP API, answered with 202 once the body is in the inbox."""

    path: NotRequired[str]
    """Path of the POST requests. Default: `/`."""
    authorization: NotRequired[HttpAuthorization]
    """Callers that may post. Default: iam."""
    requests_per_second: NotRequired[int]
    """Maximum average requests per second; requests above it get 429. Required with `none`, where one client could use
    up the account's 10,000 per second and Region. Default: the account's limit."""
    burst: NotRequired[int]
    """Maximum requests at once. Default: `requests_per_second`."""
    access_logs: NotRequired[bool]
    """Log each request to the log group `{function}-{source}-access`. Default: False."""

"""Arguments of the `http` source."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict


class HttpAuthorization(Enum):
    """Callers that may post."""

    IAM = "iam"
    """Callers allowed `execute-api:Invoke`, with SigV4."""
    NONE = "none"
    """Anyone who knows the URL."""


if TYPE_CHECKING:
    HttpAuthorizationLike = HttpAuthorization | Literal["iam", "none"]
else:
    HttpAuthorizationLike = HttpAuthorization  # the part that Pulumi's schema can express


class HttpSourceArgs(TypedDict):
    """Requests posted to an HTTP API, which responds with 202 once the body is in the inbox."""

    path: NotRequired[str]
    """Path for POST requests. Default: `/`."""
    authorization: NotRequired[HttpAuthorizationLike]
    """Which callers may post. Default: iam."""
    requests_per_second: NotRequired[int]
    """Maximum average requests per second; requests above it get a 429 response. Required with `none`, where one client
    could use up the account's 10,000 requests per second in the Region. Default: the account's limit."""
    burst: NotRequired[int]
    """Maximum burst of requests. Default: `requests_per_second`."""
    access_logs: NotRequired[bool]
    """Whether to log each request to the log group `{function}-{source}-access`. Default: False."""

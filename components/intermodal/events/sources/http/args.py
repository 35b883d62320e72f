"""Arguments of the `http` source."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict


class HttpAuthorization(Enum):
    """Callers that are allowed to send requests."""

    IAM = "iam"
    """Callers with the permission `execute-api:Invoke`, which sign requests with SigV4."""
    NONE = "none"
    """Anyone with the URL."""


if TYPE_CHECKING:
    HttpAuthorizationLike = HttpAuthorization | Literal["iam", "none"]
else:
    HttpAuthorizationLike = HttpAuthorization  # Pulumi's schema cannot express the union


class HttpSourceArgs(TypedDict):
    """POST requests to an HTTP API, which returns 202 once the body is in the inbox."""

    path: NotRequired[str]
    """Path for POST requests. Default: `/`."""
    authorization: NotRequired[HttpAuthorizationLike]
    """Callers that are allowed to send requests. Default: iam."""
    requests_per_second: NotRequired[int]
    """Maximum average requests per second; requests above this rate receive a 429 response. Required with `none`,
    because one client could otherwise exhaust the account's 10,000 requests per second in the Region. Default: the
    account's limit."""
    burst: NotRequired[int]
    """Maximum burst of requests. Default: `requests_per_second`."""
    headers: NotRequired[list[str]]
    """Request headers, such as `X-Hub-Signature-256`, that become message attributes with the same names. At most ten,
    the maximum per message. SQS rejects empty attributes, so a request without one of the headers fails. Default: none.
    """
    access_logs: NotRequired[bool]
    """Whether to log each request to the log group `{function}-{source}-access`. Default: False."""

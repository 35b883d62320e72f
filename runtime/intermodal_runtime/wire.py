"""Build HTTP replies for a single write: with Nagle's algorithm, separate writes for headers and body cost 40 ms."""

from typing import NamedTuple

from .errors import error_body
from .invocation import Invocation

JSON = b"application/json"
"""Content type that clients expect. With a charset, the Python client passes bytes to the handler; without a content
type, the Python and Node clients crash."""

_REASONS = {
    200: b"OK",
    202: b"Accepted",
    400: b"Bad Request",
    404: b"Not Found",
    405: b"Method Not Allowed",
    413: b"Request Entity Too Large",
    431: b"Request Header Fields Too Large",
    500: b"Internal Server Error",
}


class Request(NamedTuple):
    """A complete request; `size` is the full body size, and `body` is empty if it exceeds the limit."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    trailers: dict[bytes, bytes]
    body: bytes
    size: int
    keep_alive: bool

    def header(self, name: bytes) -> str:
        """Return a header's value, or an empty string if it is missing; `name` must be in lower case."""
        value = self.headers.get(name)
        return value.decode("utf-8", "replace") if value else ""


def build_reply(status: int, body: bytes, *, extra: bytes = b"", content_type: bytes = JSON) -> bytes:
    """Return a complete reply; `extra` contains complete header lines."""
    return b"HTTP/1.1 %d %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n%b" % (
        status,
        _REASONS[status],
        content_type,
        len(body),
        extra,
        body,
    )


def build_error_reply(status: int, error_type: str, message: str) -> bytes:
    """Return an error reply with a JSON body that all clients can parse."""
    return build_reply(status, error_body(error_type, message))


ACCEPTED = build_reply(202, b'{"status":"OK"}')
"""Reply with 202 and a body: the Go client exits on any other 2xx status, and .NET fails without a body
(rapid/rendering.go, RenderAccepted)."""

SHUTDOWN_REPLY = build_error_reply(500, "Runtime.Unavailable", "The Runtime API server is shutting down")


def build_event_reply(invocation: Invocation, deadline_ms: int, function_arn: str) -> bytes:
    """Return the reply to `/next` (AWS docs, runtimes-api; rapid/rendering.go).

    The request ID, deadline, ARN and trace ID are always present, because Go, Rust and Swift fail without them. Other
    headers are omitted if empty, because Rust parses an empty client context as JSON and exits.
    """
    lines = (
        f"Lambda-Runtime-Aws-Request-Id: {invocation.request_id}\r\n"
        f"Lambda-Runtime-Deadline-Ms: {deadline_ms}\r\n"
        f"Lambda-Runtime-Invoked-Function-Arn: {function_arn}\r\n"
        f"Lambda-Runtime-Trace-Id: {invocation.trace_id}\r\n"
        f"Lambda-Runtime-Invocation-Id: {invocation.invocation_id}\r\n"
    )
    if invocation.client_context:
        lines += f"Lambda-Runtime-Client-Context: {invocation.client_context}\r\n"
    if invocation.cognito_identity:
        lines += f"Lambda-Runtime-Cognito-Identity: {invocation.cognito_identity}\r\n"
    if invocation.tenant_id:
        lines += f"Lambda-Runtime-Aws-Tenant-Id: {invocation.tenant_id}\r\n"
    return build_reply(200, invocation.payload, extra=lines.encode())

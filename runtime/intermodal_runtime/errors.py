"""Define error types with Lambda's names, and parse and render error JSON.

Sources: aws-lambda-runtime-interface-emulator, internal/lambda-managed-instances/rapid/model (customer_error.go,
client_error.go, error_types.go); AWS docs, "Lambda runtime API" (runtimes-api).
"""

import base64
import binascii
import json
from enum import StrEnum


class ErrorType(StrEnum):
    """Error types of this server; error types from runtime clients, such as `ValueError`, are plain strings."""

    EXIT_ERROR = "Runtime.ExitError"
    """The app's process exited, or requested another event while an event was open."""
    OUT_OF_MEMORY = "Runtime.OutOfMemory"
    """Set by the owner of the process, because only the owner can detect an OOM kill."""
    INIT_ERROR = "Runtime.InitError"
    INVALID_ENTRYPOINT = "Runtime.InvalidEntrypoint"
    UNAVAILABLE = "Runtime.Unavailable"
    """No runtime client requested an event in time, or the server is shutting down."""
    RUNTIME_UNKNOWN = "Runtime.Unknown"
    TIMED_OUT = "Sandbox.Timedout"
    SANDBOX_FAILURE = "Sandbox.Failure"
    RESPONSE_TOO_LARGE = "Function.ResponseSizeTooLarge"
    FUNCTION_UNKNOWN = "Function.Unknown"


NOT_READY_ADVICE = (
    "no Lambda runtime client requested an event within {seconds:g} s. Check that the image starts a runtime "
    "client (an AWS base image, or awslambdaric and its like as entrypoint) with AWS_LAMBDA_RUNTIME_API set, that it "
    "is built for this machine's architecture, that its log shows no crash or exit, and that it is not built on Lambda "
    "Web Adapter or another /opt/extensions process, which only Lambda itself starts."
)


class RuntimeNotReadyError(RuntimeError):
    """The runtime client did not start; `error_type` is its init error's type or `Runtime.Unavailable`."""

    def __init__(self, error_type: str, message: str) -> None:
        super().__init__(f"{error_type}: {message}")
        self.error_type = error_type
        self.message = message


class ErrorReport:
    """A failure that a runtime client reported, with the type, message and stack trace from headers and body.

    The body takes precedence: Python and Node send no type header with `/error`, and Rust always sends `unhandled`. The
    stack trace is in `stackTrace` (Python, Go, Java) or `trace` (Node). A body in any other format becomes the payload,
    with the type from the header.
    """

    __slots__ = ("error_type", "message", "payload", "stack_trace")

    def __init__(self, body: bytes, header_type: str, fallback: ErrorType) -> None:
        fields = _json_object(body)
        self.error_type = _text(fields.get("errorType")) or header_type or fallback.value
        self.message = _text(fields.get("errorMessage"))
        stack = fields.get("stackTrace", fields.get("trace"))
        self.stack_trace: tuple[str, ...] = ()
        if isinstance(stack, list):
            self.stack_trace = tuple(line if isinstance(line, str) else json.dumps(line) for line in stack)
        elif isinstance(stack, str):
            self.stack_trace = tuple(stack.splitlines())
        self.payload = body or error_body(self.error_type, self.message)


def trailer_report(error_type: str, encoded_body: bytes) -> ErrorReport:
    """Return the failure of a streamed response from its trailers (aws-lambda-go, runtime_api_client.go).

    `encoded_body` is `Lambda-Runtime-Function-Error-Body`: the error JSON in base64, or empty. An invalid value is
    ignored, because only the type is required.
    """
    try:
        body = base64.b64decode(encoded_body, validate=True)
    except binascii.Error:
        body = b""
    report = ErrorReport(body, error_type, ErrorType.FUNCTION_UNKNOWN)
    if error_type:
        report.error_type = error_type
    return report


def error_body(error_type: str, message: str) -> bytes:
    """Return the error JSON for the Runtime API and Invoke, without a stack trace."""
    return json.dumps({"errorMessage": message, "errorType": error_type}).encode()


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested too deeply
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Return an error field as a string: an empty string if it is missing or null, and JSON for other types."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)

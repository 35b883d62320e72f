"""Define value types for the function, an invocation and its result, without sockets or an event loop."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from .errors import ErrorReport, ErrorType, error_body

_LINE_BREAK = re.compile(r"[\r\n\0]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionContext:
    """Properties of the function that the app can read."""

    name: str = "function"
    version: str = "$LATEST"
    memory_mib: int = 128
    timeout_seconds: float = 3.0
    region: str = "us-east-1"
    account_id: str = "000000000000"
    arn: str = ""
    """Function ARN. Default: an ARN from the Region, account and name."""
    log_group: str = ""
    """Log group name. Default: `/aws/lambda/<name>`."""
    log_stream: str = "$LATEST"
    max_concurrency: int = 1
    """Maximum concurrent events in one app process; sets `AWS_LAMBDA_MAX_CONCURRENCY` if above 1."""

    def __post_init__(self) -> None:
        """Set derived defaults; raise ValueError with all invalid fields."""
        problems = [
            f"{field} must not be empty or contain a line break, got {value!r}"
            for field, value in (("name", self.name), ("version", self.version), ("region", self.region))
            if not value or _LINE_BREAK.search(value)
        ]
        if _LINE_BREAK.search(self.arn):
            problems.append(f"arn must not contain a line break, got {self.arn!r}")
        problems += [
            f"{field} must be above 0, got {value}"
            for field, value in (
                ("memory_mib", self.memory_mib),
                ("timeout_seconds", self.timeout_seconds),
                ("max_concurrency", self.max_concurrency),
            )
            if value <= 0
        ]
        if problems:
            raise ValueError(f'FunctionContext "{self.name}": ' + "; ".join(problems))
        if not self.arn:
            arn = f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.name}"
            object.__setattr__(self, "arn", arn)
        if not self.log_group:
            object.__setattr__(self, "log_group", f"/aws/lambda/{self.name}")


class Invocation(NamedTuple):
    """An event for the app; `request_id` is unique per dispatch, even for the same message.

    This class and Result are tuples, because creating a frozen dataclass takes three times as long.
    """

    request_id: str
    invocation_id: str
    payload: bytes
    trace_id: str
    timeout_seconds: float
    latest_deadline_ms: int | None = None
    """Latest deadline in epoch milliseconds, regardless of the dispatch time. Default: no limit."""
    client_context: str = ""
    cognito_identity: str = ""
    tenant_id: str = ""

    def refuse_line_breaks(self) -> None:
        """Raise ValueError for values with line breaks, which are not valid in HTTP headers."""
        for field in ("trace_id", "client_context", "cognito_identity", "tenant_id"):
            if _LINE_BREAK.search(getattr(self, field)):
                raise ValueError(f"{field} is sent as an HTTP header and must be one line; remove line breaks")

    def deadline_ms(self, now_ms: int) -> int:
        """Return the deadline in epoch milliseconds for a dispatch at `now_ms`."""
        own = now_ms + round(self.timeout_seconds * 1000)
        return own if self.latest_deadline_ms is None else min(own, self.latest_deadline_ms)


class Result(NamedTuple):
    """Result of one invocation; for a failure, `payload` is the error JSON that Lambda's Invoke API returns."""

    request_id: str
    payload: bytes
    error_type: str = ""
    error_message: str = ""
    stack_trace: tuple[str, ...] = ()
    dispatched: bool = True
    """False if no runtime client received the event, so that it can safely be returned to the queue."""
    duration_ms: float = 0.0
    """Milliseconds from the dispatch to the end; 0 if the event was never dispatched."""
    content_type: str = "application/json"
    client_gone: bool = False
    """Whether the client had disconnected when the platform ended the event."""

    @property
    def ok(self) -> bool:
        """Whether the handler returned a response."""
        return not self.error_type

    @property
    def timed_out(self) -> bool:
        """Whether the event reached its deadline; the app may still be busy."""
        return self.error_type == ErrorType.TIMED_OUT


def make_failure(
    request_id: str, error_type: str, message: str, *, dispatched: bool, duration_ms: float = 0.0
) -> Result:
    """Return a failure that the platform detected, with Lambda's wording."""
    text = f"RequestId: {request_id} Error: {message}"
    return Result(
        request_id=request_id,
        payload=error_body(error_type, text),
        error_type=error_type,
        error_message=text,
        dispatched=dispatched,
        duration_ms=duration_ms,
    )


def convert_report(request_id: str, report: ErrorReport, *, dispatched: bool, duration_ms: float = 0.0) -> Result:
    """Return a failure that the app reported."""
    return Result(
        request_id=request_id,
        payload=report.payload,
        error_type=report.error_type,
        error_message=report.message,
        stack_trace=report.stack_trace,
        dispatched=dispatched,
        duration_ms=duration_ms,
    )

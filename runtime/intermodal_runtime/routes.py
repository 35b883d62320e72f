"""Define the routes of the Runtime API, stubs for related APIs, and the optional Invoke route."""

import asyncio
import base64
import binascii
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping

from .api import MAX_RESPONSE_BYTES, ResponseStatus, RuntimeApi
from .connection import Connection
from .errors import ErrorReport, ErrorType, trailer_report
from .invocation import Result
from .wire import ACCEPTED, Request, build_error_reply, build_reply

Invoke = Callable[[bytes, str], Awaitable[Result]]
"""Function that runs one event with a payload and a client context (JSON or empty)."""

Action = Callable[[Request, Connection], bytes | None]
"""Function that returns the reply to a request, or None if it is sent later with `Connection.send`."""

_RUNTIME = "/2018-06-01/runtime/"
_INVOCATION = _RUNTIME + "invocation/"
_ERROR_TYPE = b"lambda-runtime-function-error-type"
_ERROR_BODY = b"lambda-runtime-function-error-body"
_FUNCTIONS = "/2015-03-31/functions/"


class Routes:
    """Request handler, whose only state is the Invoke calls in progress."""

    def __init__(
        self, api: RuntimeApi, invoke: Invoke | None, more: Mapping[tuple[str, str], Action] | None = None
    ) -> None:
        self._api = api
        self._invoke = invoke
        self._invokes: dict[Connection, asyncio.Task[None]] = {}
        self.function_arn = api.context.arn
        self._table: dict[tuple[str, str], Action] = {
            ("GET", _INVOCATION + "next"): self._next,
            ("POST", _RUNTIME + "init/error"): self._init_error,
            ("GET", "/2018-06-01/ping"): lambda *_: build_reply(200, b"pong"),
            ("POST", "/2020-01-01/extension/register"): self._register_extension,
            ("GET", "/2020-01-01/extension/event/next"): lambda *_: None,
            ("POST", "/2020-01-01/extension/init/error"): lambda *_: ACCEPTED,
            ("POST", "/2020-01-01/extension/exit/error"): lambda *_: ACCEPTED,
            ("PUT", "/2020-08-15/logs"): lambda *_: _reject_api("Logs"),
            ("PUT", "/2022-07-01/telemetry"): lambda *_: _reject_api("Telemetry"),
            **(more or {}),
        }

    def handle(self, request: Request, connection: Connection) -> bytes | None:
        """Return the reply, or None if it is sent later."""
        action = self._table.get((request.method, request.path))
        if action is not None:
            return action(request, connection)
        if request.method == "POST" and request.path.startswith(_INVOCATION):
            request_id, _, verb = request.path[len(_INVOCATION) :].rpartition("/")
            if verb == "response":
                return self._response(request, request_id)
            if verb == "error":
                return self._error(request, request_id)
        if self._invoke and request.path.startswith(_FUNCTIONS) and request.path.endswith("/invocations"):
            return self._start_invoke(request, connection, self._invoke)
        known = any(path == request.path for _, path in self._table)
        status, kind = (405, "MethodNotAllowed") if known else (404, "ResourceNotFound")
        return build_error_reply(status, kind, f"{request.method} {request.path} is not part of this Runtime API")

    def on_disconnect(self, connection: Connection) -> None:
        """Remove a waiting call, and abandon the event of a disconnected Invoke caller."""
        self._api.forget(connection)
        task = self._invokes.pop(connection, None)
        if task is not None:
            task.cancel()

    def _next(self, _request: Request, connection: Connection) -> None:
        self._api.next(connection)

    def _response(self, request: Request, request_id: str) -> bytes:
        invocation_id = request.header(b"lambda-runtime-invocation-id")
        if _has_error_trailer(request.trailers) and request.size <= MAX_RESPONSE_BYTES:
            kind = request.trailers.get(_ERROR_TYPE, b"").decode("utf-8", "replace")
            report = trailer_report(kind, request.trailers.get(_ERROR_BODY, b""))
            return _acknowledge(self._api.report_error(request_id, invocation_id, report))
        verdict = self._api.respond(
            request_id, invocation_id, request.body, request.size, request.header(b"content-type")
        )
        return _acknowledge(verdict)

    def _error(self, request: Request, request_id: str) -> bytes:
        invocation_id = request.header(b"lambda-runtime-invocation-id")
        return _acknowledge(self._api.report_error(request_id, invocation_id, _parse_report(request)))

    def _init_error(self, request: Request, _connection: Connection) -> bytes:
        self._api.init_error(_parse_report(request, ErrorType.INIT_ERROR))
        return ACCEPTED

    def _register_extension(self, _request: Request, _connection: Connection) -> bytes:
        """Respond to an extension's registration; Rust panics without an identifier, although no events are sent."""
        context = self._api.context
        body = {"functionName": context.name, "functionVersion": context.version, "handler": ""}
        identifier = f"Lambda-Extension-Identifier: {uuid.uuid4()}\r\n"
        return build_reply(200, json.dumps(body).encode(), extra=identifier.encode())

    def _start_invoke(self, request: Request, connection: Connection, invoke: Invoke) -> bytes | None:
        """Handle Lambda's Invoke API, only with type RequestResponse (AWS docs, API_Invoke)."""
        if request.method != "POST":
            return build_error_reply(405, "MethodNotAllowed", "Invoke takes POST")
        kind = request.header(b"x-amz-invocation-type") or "RequestResponse"
        if kind != "RequestResponse":
            message = f"Invocation type must be RequestResponse here, got {kind}"
            return build_error_reply(400, "InvalidParameterValueException", message)
        if request.size > MAX_RESPONSE_BYTES:
            message = f"{request.size} byte payload is too large (limit {MAX_RESPONSE_BYTES} bytes)"
            return build_error_reply(413, "RequestTooLargeException", message)
        try:
            client_context = _parse_client_context(request.headers.get(b"x-amz-client-context", b""))
        except ValueError as error:
            return build_error_reply(400, "InvalidRequestContentException", f"Client context: {error}")
        running = self._run_invoke(request.body, client_context, connection, invoke)
        self._invokes[connection] = asyncio.get_running_loop().create_task(running)
        return None

    async def _run_invoke(self, payload: bytes, client_context: str, connection: Connection, invoke: Invoke) -> None:
        try:
            connection.send(build_invoke_reply(await invoke(payload, client_context)))
        except BaseException:
            connection.close()  # a caller must not wait forever for a response
            raise
        finally:
            self._invokes.pop(connection, None)


def build_invoke_reply(result: Result) -> bytes:
    """Return a reply of Lambda's Invoke API: 200 even for function errors, which add a header with `Unhandled`."""
    extra = f"X-Amzn-RequestId: {result.request_id}\r\nX-Amz-Executed-Version: $LATEST\r\n"
    if not result.ok:
        extra += "X-Amz-Function-Error: Unhandled\r\n"
    return build_reply(200, result.payload, extra=extra.encode())


def _has_error_trailer(trailers: Mapping[bytes, bytes]) -> bool:
    """Return whether a streamed response ended with an error."""
    return bool(trailers.get(_ERROR_TYPE) or trailers.get(_ERROR_BODY))


def _acknowledge(verdict: ResponseStatus) -> bytes:
    if verdict is ResponseStatus.ACCEPTED:
        return ACCEPTED
    if verdict is ResponseStatus.TOO_LARGE:
        message = f"Exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        return build_error_reply(413, "RequestEntityTooLarge", message)
    return build_error_reply(400, "InvalidRequestID", "Invalid request ID")


def _parse_report(request: Request, fallback: ErrorType = ErrorType.FUNCTION_UNKNOWN) -> ErrorReport:
    """Return a posted error; for a body above the size limit, use only the type from the header."""
    return ErrorReport(request.body, request.header(_ERROR_TYPE), fallback)


def _reject_api(api: str) -> bytes:
    """Reply with 202, because agents in the image treat errors as fatal (rapi/handler, runtime_logs_stub.go)."""
    return build_error_reply(202, f"{api}.NotSupported", f"{api} API is not supported")


def _parse_client_context(encoded: bytes) -> str:
    """Return the header's base64 JSON as one line, or "" if it is empty; raise ValueError if it is invalid."""
    if not encoded:
        return ""
    try:
        return json.dumps(json.loads(base64.b64decode(encoded, validate=True)))
    except binascii.Error as error:
        raise ValueError(f"not base64: {error}") from None

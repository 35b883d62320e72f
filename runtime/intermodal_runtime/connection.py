"""Serve an HTTP/1.1 connection: parse requests with httptools, and send replies in order, each in one write."""

import asyncio
import select
from collections import deque
from typing import Protocol, cast

import httptools

from .api import MAX_RESPONSE_BYTES
from .invocation import Invocation
from .wire import SHUTDOWN_REPLY, Request, build_error_reply, build_event_reply

_MAX_HEAD_BYTES = 2 * 1024 * 1024  # the Python client sends an X-Ray cause of up to 1 MiB as a header
_MAX_PIPELINED = 8
_PEER_GONE = getattr(select, "POLLRDHUP", select.POLLHUP)  # POLLRDHUP exists only on Linux
_HEADERS_KEPT = frozenset(
    (
        b"content-length",
        b"content-type",
        b"expect",
        b"lambda-runtime-function-error-body",
        b"lambda-runtime-function-error-type",
        b"lambda-runtime-invocation-id",
        b"transfer-encoding",
        b"x-amz-client-context",
        b"x-amz-invocation-type",
    )
)


class Handler(Protocol):
    """Interface of the routes that handle a connection's requests."""

    function_arn: str

    def handle(self, request: Request, connection: "Connection") -> bytes | None:
        """Return the reply, or None if it is sent later with `Connection.send`."""

    def on_disconnect(self, connection: "Connection") -> None:
        """Remove the calls and events of a closed connection."""


class Connection(asyncio.Protocol):
    """A client's connection, which is also the `ParkedCall` for its `/next` call.

    asyncio sets TCP_NODELAY on all TCP transports.
    """

    def __init__(self, handler: Handler, connections: "set[Connection]") -> None:
        self._handler = handler
        self._connections = connections
        self.closed = asyncio.Event()
        """Set when the connection is closed."""
        self._transport: asyncio.Transport | None = None
        self._poll: select.poll | None = None
        self._backlog: deque[Request] = deque()
        self._current: Request | None = None  # request without a reply yet
        self._unread_bytes = 0  # bytes since the parser last made progress
        self._in_message = False
        self._cached_bytes = b""
        self._cached_request: Request | None = None  # request parsed from `_cached_bytes`
        self._new_parser()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection; called by the event loop."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(0)  # uvloop: send at once, not at the end of the iteration
        self._connections.add(self)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Unregister the connection; called by the event loop."""
        self._transport = None
        self._connections.discard(self)
        self.closed.set()
        self._backlog.clear()
        self._handler.on_disconnect(self)

    def data_received(self, data: bytes) -> None:
        """Parse the data and respond to complete requests; respond to malformed input with 400 and close.

        A client sends the same bytes for each `/next` request, so they are parsed only once.
        """
        if data == self._cached_bytes and self._cached_request and not self._in_message:
            self._backlog.append(self._cached_request)
        else:
            self._read(data)
        if len(self._backlog) > _MAX_PIPELINED:
            self.close()
        else:
            self._pump()

    # ParkedCall

    def is_alive(self) -> bool:
        """Return whether the client is still connected.

        Poll the socket, because the event loop notices a disconnect later.
        """
        if self._transport is None or self._transport.is_closing():
            return False
        if self._poll is None:
            self._poll = select.poll()
            self._poll.register(self._transport.get_extra_info("socket").fileno(), _PEER_GONE)
        return not self._poll.poll(0)

    def deliver(self, invocation: Invocation, deadline_ms: int) -> None:
        """Respond to the waiting `/next` call with an event."""
        self.send(build_event_reply(invocation, deadline_ms, self._handler.function_arn))

    def end(self) -> None:
        """Respond to the waiting `/next` call with 500, which makes all clients exit."""
        self.send(SHUTDOWN_REPLY)

    # Replies

    def send(self, reply: bytes) -> None:
        """Respond to the current request in one write; do nothing if the client has disconnected."""
        request, self._current = self._current, None
        if request is None or self._transport is None:
            return
        self._transport.write(reply)
        if not request.keep_alive:
            self._transport.close()
        elif self._backlog:  # do not handle the next request inside this request's call
            asyncio.get_running_loop().call_soon(self._pump)

    def close(self) -> None:
        """Close the connection after pending writes."""
        if self._transport is not None:
            self._transport.close()

    def _pump(self) -> None:
        while self._backlog and self._current is None and self._transport and not self._transport.is_closing():
            self._current = self._backlog.popleft()
            reply = self._handler.handle(self._current, self)
            if reply is not None:
                self.send(reply)

    def _read(self, data: bytes) -> None:
        between_messages, ahead = not self._in_message, len(self._backlog)
        self._unread_bytes += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError as error:
            self._refuse(400, "InvalidRequest", f"Malformed HTTP request: {error}")
            return
        if self._unread_bytes > _MAX_HEAD_BYTES:
            self._refuse(431, "InvalidRequest", f"Headers exceed {_MAX_HEAD_BYTES} bytes")
        elif between_messages and not self._in_message and len(self._backlog) == ahead + 1 and not self._size:
            self._cached_bytes, self._cached_request = data, self._backlog[-1]

    def _refuse(self, status: int, error_type: str, message: str) -> None:
        if self._transport is None:
            return
        if self._current is None:
            self._transport.write(build_error_reply(status, error_type, message))
        self._transport.close()

    # httptools callbacks

    def on_message_begin(self) -> None:
        """Start a request."""
        self._in_message = True
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._trailers: dict[bytes, bytes] = {}
        self._fields = self._headers
        self._chunks: list[bytes] = []
        self._size = 0

    def on_url(self, url: bytes) -> None:
        """Collect the request target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header, or a trailer after the body."""
        name = name.lower()
        if name in _HEADERS_KEPT:
            self._fields[name] = value

    def on_headers_complete(self) -> None:
        """Start the body; curl waits up to a second for 100 Continue before it sends a large body."""
        self._fields = self._trailers
        expect = self._headers.pop(b"expect", b"").lower()
        if expect == b"100-continue" and self._current is None and not self._backlog and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, chunk: bytes) -> None:
        """Collect the body up to the limit; beyond the limit, only count the bytes."""
        self._unread_bytes = 0
        self._size += len(chunk)
        if self._size <= MAX_RESPONSE_BYTES:
            self._chunks.append(chunk)
        else:
            self._chunks.clear()

    def on_message_complete(self) -> None:
        """Complete the request."""
        self._in_message = False
        self._unread_bytes = 0
        if self._parser.should_upgrade():
            return  # `_feed` parses the request again without the upgrade
        request = Request(
            method=self._parser.get_method().decode(),
            path=_parse_path(self._url),
            headers=self._headers,
            trailers=self._trailers,
            body=self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks),
            size=self._size,
            keep_alive=self._parser.should_keep_alive() and self._parser.get_http_version() == "1.1",
        )
        self._chunks = []
        self._backlog.append(request)

    def _new_parser(self) -> None:
        self._parser = httptools.HttpRequestParser(self)

    def _feed(self, data: bytes) -> None:
        """Parse data; ignore upgrade requests, such as h2c from Java's HttpClient, and continue with HTTP/1.1."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            method, rest = self._parser.get_method(), data[upgrade.args[0] :]
            self._new_parser()
            if method == b"CONNECT":
                raise httptools.HttpParserError("CONNECT is not supported") from None
            lines = [b"%b: %b\r\n" % field for field in self._headers.items()]
            self._feed(b"%b %b HTTP/1.1\r\n%b\r\n" % (method, self._url, b"".join(lines)) + rest)


def _parse_path(url: bytes) -> str:
    """Return a request target's path without the query; raise HttpParserInvalidURLError if it is invalid."""
    return (httptools.parse_url(url).path or b"/").decode("ascii", "replace")

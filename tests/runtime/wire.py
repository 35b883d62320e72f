"""Build Runtime API requests as bytes."""

RESPONSE = "/2018-06-01/runtime/invocation/{}/response"


def chunked_request(path: str, chunks: list[bytes], trailers: dict[str, str] | None = None, *headers: str) -> bytes:
    """Return a chunked POST, as Go sends every response."""
    names = ", ".join(trailers or {})
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", f"Trailer: {names}", *headers]
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n"
    end = "".join(f"{name}: {value}\r\n" for name, value in (trailers or {}).items())
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + end.encode() + b"\r\n"

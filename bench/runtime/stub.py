"""Run a socket stub as the baseline: the minimum work of a Runtime API server in Python.

The stub has one blocking connection and no parser, deadlines, or IDs. `/next` always returns the same event, and POST
returns 202. `python -m bench.runtime.stub EVENTS WARM_UP -- CLIENT…` prints the duration of EVENTS events in seconds.
"""

import os
import socket
import subprocess
import sys
import time

from bench.runtime.event import EVENT

ACCEPTED = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"OK"}'
NEXT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b"Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\nLambda-Runtime-Deadline-Ms: %d\r\n"
    b"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:bench\r\n"
    b"Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\r\n%b"
) % (len(EVENT), time.time_ns() // 1_000_000 + 3_600_000, EVENT)
START_SECONDS = 20


def main() -> None:
    """Serve one runtime client until it has handled all events, and print the duration."""
    events, warm_up = int(sys.argv[1]), int(sys.argv[2])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(START_SECONDS)
        port = listener.getsockname()[1]
        client = subprocess.Popen(
            sys.argv[4:], stdout=subprocess.DEVNULL, env={**os.environ, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}"}
        )
        connection, _ = listener.accept()
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answer(connection, warm_up)
            started = time.perf_counter()
            answer(connection, events)
            print(time.perf_counter() - started)
        client.kill()
        client.wait()


def answer(connection: socket.socket, events: int) -> None:
    """Send `events` events and read the responses."""
    while events:
        data = connection.recv(65536)
        if not data:
            raise ConnectionError("the runtime client disconnected before it handled all events")
        if data.startswith(b"GET"):
            connection.sendall(NEXT)
            continue
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += connection.recv(65536)
        connection.sendall(ACCEPTED)
        events -= 1


if __name__ == "__main__":
    main()

"""Run a function locally with `python -m intermodal_runtime [invoke] [options] -- COMMAND…`.

COMMAND is a Lambda runtime client, such as `python -m awslambdaric app.handler`.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from .api import RuntimeApi
from .invocation import FunctionContext, Result
from .runner import ProcessRunner
from .server import serve

EXIT_OK, EXIT_FUNCTION_ERROR, EXIT_USAGE, EXIT_NO_COMMAND = 0, 1, 2, 127


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 if the function failed, 2 for incorrect usage, or 127 if COMMAND cannot be run."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    command: list[str] = []
    if "--" in words:  # split before parsing, because argparse would parse the command's options
        at = words.index("--")
        words, command = words[:at], words[at + 1 :]
    parser = _parser()
    options = parser.parse_args(words)
    if not command:
        parser.error("pass the runtime client after --, for example: -- python -m awslambdaric app.handler")
    try:
        context = FunctionContext(
            name=options.function_name,
            timeout_seconds=options.timeout_seconds,
            memory_mib=options.memory_mib,
            max_concurrency=options.max_concurrency,
            region=options.region,
        )
        payload = _read_event(options.event) if options.action == "invoke" else b""
    except (ValueError, OSError) as error:
        parser.error(str(error))
    api_options = (context, options.ready_timeout_seconds)
    if options.action == "invoke":
        return uvloop.run(_invoke_single(*api_options, command, payload))
    return uvloop.run(_serve(*api_options, command, options.port, invoke_route=options.invoke))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m intermodal_runtime", description=__doc__)
    parser.add_argument("action", nargs="?", choices=("serve", "invoke"), default="serve")
    parser.add_argument(
        "--event", default="-", help="invoke: file that contains the event as JSON, or - for standard input"
    )
    parser.add_argument("--port", type=int, default=9001, help="serve: port on 127.0.0.1, or 0 for any free port")
    parser.add_argument(
        "--invoke", action="store_true", help="serve: accept events on the route of Lambda's Invoke API"
    )
    parser.add_argument("--function-name", default="function", help="function name that the app reads")
    parser.add_argument("--timeout-seconds", type=float, default=3.0, help="timeout for one event")
    parser.add_argument(
        "--ready-timeout-seconds", type=float, default=60.0, help="maximum time until the first /next request"
    )
    parser.add_argument("--memory-mib", type=int, default=128, help="memory size that the app reads; not enforced")
    parser.add_argument("--max-concurrency", type=int, default=1, help="maximum concurrent events in one app process")
    parser.add_argument("--region", default="us-east-1", help="Region that the app reads")
    return parser


def _read_event(source: str) -> bytes:
    return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()


async def _invoke_single(context: FunctionContext, ready_seconds: float, command: list[str], event: bytes) -> int:
    """Run one event; write the result to stdout, and the app's output and errors to stderr."""
    api = RuntimeApi(context, ready_timeout_seconds=ready_seconds)
    server = await serve(api)
    runner = ProcessRunner(api, server.address, command, stdout=sys.stderr.fileno())
    try:
        result = await runner.invoke(event)
    finally:
        await runner.close()
        await server.close()
    sys.stdout.buffer.write(result.payload + b"\n")
    sys.stdout.buffer.flush()
    if not result.ok:
        sys.stderr.write(f"{result.error_type}: {result.error_message}\n")
    return EXIT_OK if result.ok else EXIT_FUNCTION_ERROR


async def _serve(
    context: FunctionContext, ready_seconds: float, command: list[str], port: int, *, invoke_route: bool
) -> int:
    """Serve until SIGINT or SIGTERM; print the address before the app starts."""
    api = RuntimeApi(context, ready_timeout_seconds=ready_seconds)
    holder: list[ProcessRunner] = []

    async def invoke(event: bytes, client_context: str) -> Result:
        return await holder[0].invoke(event, client_context)

    server = await serve(api, port=port, invoke_route=invoke_route, invoke=invoke)
    runner = ProcessRunner(api, server.address, command)
    holder.append(runner)
    print(f"listening on {server.address}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await runner.start()
        await stop.wait()
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]!r}: {error.strerror or error}\n")
        return EXIT_NO_COMMAND
    finally:
        await runner.close(grace_seconds=context.timeout_seconds)
        await server.close()
    return EXIT_OK

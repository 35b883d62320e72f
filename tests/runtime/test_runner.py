"""The local runner and its command line handle processes that work, crash, hang, never call, or do not exist."""

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from intermodal_runtime import FunctionContext, environment
from intermodal_runtime.runner import app_environment, exit_reason
from tests.runtime.harness import HANDLERS, PYTHON, Client, client, request, run, runner


async def test_events_run_in_one_process_started_on_demand() -> None:
    async with runner(client("app.echo")) as one:
        assert one.pid is None
        results = await asyncio.gather(*(one.invoke(b"{}") for _ in range(3)))
        assert {json.loads(result.payload)["pid"] for result in results} == {one.pid}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ([PYTHON, "-c", "raise SystemExit(7)"], "Runtime exited with error: exit status 7"),
        ([PYTHON, "-c", "pass"], "Runtime exited without providing a reason"),
        ([PYTHON, "-c", "import os; os.kill(os.getpid(), 9)"], "Runtime exited with error: signal: killed"),
        (client("app.leave"), "Runtime exited with error: exit status 3"),
    ],
)
async def test_process_exit_fails_the_event_with_lambdas_message(command: list[str], message: str) -> None:
    async with runner(command) as one:
        for _ in range(2):  # the next event gets a new process
            result = await one.invoke(b"{}")
            assert result.error_type == "Runtime.ExitError"
            assert result.error_message == f"RequestId: {result.request_id} Error: {message}"


async def test_missing_command_is_an_invalid_entrypoint() -> None:
    async with runner(["/no/such/program"]) as one:
        result = await one.invoke(b"{}")
        assert (result.error_type, result.dispatched) == ("Runtime.InvalidEntrypoint", False)
        assert "/no/such/program" in result.error_message


async def test_process_without_a_runtime_client_fails_with_advice() -> None:
    async with runner([PYTHON, "-c", "import time; time.sleep(600)"], ready=0.2) as one:
        result = await one.invoke(b"{}")
        assert (result.error_type, one.pid) == ("Runtime.Unavailable", None)
        assert "Lambda Web Adapter" in result.error_message


async def test_timeout_kills_the_process_but_no_queued_event(tmp_path: Path) -> None:
    async with runner(client("app.slow"), timeout_seconds=2) as one:
        hang = json.dumps({"until": str(tmp_path / "never")}).encode()
        here = json.dumps({"until": str(tmp_path)}).encode()
        assert (await one.invoke(here)).ok
        before = one.pid
        stuck, behind = await asyncio.gather(one.invoke(hang), one.invoke(here))
        assert (stuck.error_type, behind.ok) == ("Sandbox.Timedout", True)
        assert stuck.error_message.endswith("Error: Task timed out after 2.00 seconds")
        assert one.pid not in (before, None)


async def test_import_error_is_reported_verbatim() -> None:
    async with runner(client("nowhere.handler")) as one:
        assert (await one.invoke(b"{}")).error_type == "Runtime.ImportModuleError"


async def test_close_kills_a_process_that_ignores_sigterm() -> None:
    async with runner([PYTHON, "-c", "import time; time.sleep(600)"]) as one:
        one._kill_grace_seconds = 0.05
        await one.start()
        assert one.pid is not None


def test_app_has_the_documented_environment() -> None:
    context = FunctionContext(name="scan", memory_mib=512, region="eu-west-1", log_stream="s")
    assert environment(context, "127.0.0.1:9001") == {
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
        "AWS_LAMBDA_FUNCTION_NAME": "scan",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/scan",
        "AWS_LAMBDA_LOG_STREAM_NAME": "s",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    assert environment(FunctionContext(max_concurrency=4), "x")["AWS_LAMBDA_MAX_CONCURRENCY"] == "4"
    inherited = {
        "KEEP": "1",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        "_LAMBDA_TELEMETRY_LOG_FD": "3",
        "AWS_LAMBDA_MAX_CONCURRENCY": "9",
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
        "HTTP_PROXY": "http://proxy",
        "no_proxy": "a",
    }
    seen = app_environment(inherited, context, "127.0.0.1:1")
    own = {name: value for name, value in seen.items() if name not in environment(context, "")}
    assert own == {"KEEP": "1", "HTTP_PROXY": "http://proxy", "NO_PROXY": "127.0.0.1", "no_proxy": "a,127.0.0.1"}


def test_exit_reason_names_the_signal_or_its_number() -> None:
    assert exit_reason(-11).endswith("signal: segmentation fault")
    assert exit_reason(-signal.SIGUSR1).endswith(f"signal: {int(signal.SIGUSR1)}")


def command_line(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `python -m intermodal_runtime …` for at most 15 s."""
    env = {**os.environ, "PYTHONPATH": str(HANDLERS)}
    command = [PYTHON, "-m", "intermodal_runtime", *arguments]
    return subprocess.run(command, input=stdin, env=env, capture_output=True, timeout=15, check=False)


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "out", "err"),
    [
        (["--", *client("app.echo")], b'{"n": 5}', 0, b'"n": 5', b""),
        (["--", *client("app.fail")], b'{"what": "soup"}', 1, b'"no soup"', b"ValueError: no soup"),
        (["--", *client("app.leave")], b"{}", 1, b"Runtime.ExitError", b"exit status 3"),
        (["--", "/no/such"], b"{}", 1, b"Runtime.InvalidEntrypoint", b"/no/such"),
        (["--timeout-seconds", "0.3", "--", *client("app.slow")], b'{"until": "/no"}', 1, b"Sandbox.Timedout", b"0.30"),
        (["--event", "/no/file", "--", "x"], b"", 2, b"", b"/no/file"),
        (["--timeout-seconds", "-1", "--", "x"], b"", 2, b"", b"timeout_seconds must be above 0"),
        ([], b"", 2, b"", b"after --"),
    ],
)
def test_command_line_invoke(arguments: list[str], stdin: bytes, code: int, out: bytes, err: bytes) -> None:
    done = command_line("invoke", *arguments, stdin=stdin)
    assert done.returncode == code, done.stderr.decode()
    assert out in done.stdout
    assert err in done.stderr


def test_command_line_serve_handles_invokes_until_sigterm() -> None:
    env = {**os.environ, "PYTHONPATH": str(HANDLERS)}
    command = [PYTHON, "-m", "intermodal_runtime", "--port", "0", "--invoke", "--", *client("app.echo")]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().decode().removeprefix("listening on ").strip()
            reply = run(_post(address, b'{"n": 1}'))
            assert reply["event"] == {"n": 1}
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
            with pytest.raises(ProcessLookupError):
                os.kill(reply["pid"], 0)
        finally:
            process.kill()


def test_command_line_serve_with_a_missing_command_exits_127() -> None:
    done = command_line("--port", "0", "--", "/no/such")
    assert done.returncode == 127
    assert b"/no/such" in done.stderr


async def _post(address: str, body: bytes) -> Any:
    host, port = address.split(":")
    one = Client(*await asyncio.open_connection(host, int(port)))
    try:
        return (await one.ask(request("POST", "/2015-03-31/functions/f/invocations", body))).json
    finally:
        await one.close()

"""Run an app as a child process: start it on demand, detect when it exits, and replace it after a timeout.

To run an app in a container or pod instead, serve a `RuntimeApi`, call `invoke`, and call `fail_pending` when the app
exits.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import IO

from .api import RuntimeApi
from .errors import ErrorType
from .invocation import FunctionContext, Result, make_failure
from .variables import NEVER_INHERITED, environment

_HUNG = (ErrorType.TIMED_OUT, ErrorType.UNAVAILABLE)


def exit_reason(returncode: int) -> str:
    """Return Lambda's message for an exit code; negative codes are signals, as in `subprocess`."""
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode > 0:
        return f"Runtime exited with error: exit status {returncode}"
    names: dict[int, str] = {
        signal.SIGKILL: "killed",
        signal.SIGTERM: "terminated",
        signal.SIGSEGV: "segmentation fault",
    }
    return f"Runtime exited with error: signal: {names.get(-returncode, -returncode)}"


class ProcessRunner:
    """Runner for one app process at a time, behind a `RuntimeApi` that listens at `address`.

    `stdout` is the destination of the app's output (default: inherited). `kill_grace_seconds` is the time within which
    the app must exit after a 500 response.
    """

    def __init__(
        self,
        api: RuntimeApi,
        address: str,
        command: Sequence[str],
        *,
        environ: Mapping[str, str] | None = None,
        stdout: IO[bytes] | int | None = None,
        kill_grace_seconds: float = 2.0,
    ) -> None:
        if not command:
            raise ValueError("command must name the program to run, for example: python -m awslambdaric app.handler")
        self._api = api
        self._command = list(command)
        inherited = os.environ if environ is None else environ
        self._environ = app_environment(inherited, api.context, address)
        self._stdout = stdout
        self._kill_grace_seconds = kill_grace_seconds
        self._slots = asyncio.Semaphore(api.context.max_concurrency)
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._ending = False  # whether this runner caused the exit
        self._watch: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """PID of the app, or None if it is not running."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the app unless it is running; raise OSError if the command cannot be run."""
        async with self._starting:
            if self._process is not None:
                return
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environ,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=self._stdout,
                start_new_session=True,  # so that its children can be killed with it
            )
            self._process, self._ending = process, False
            self._watch = asyncio.create_task(self._notice_end(process))

    async def invoke(self, payload: bytes, client_context: str = "") -> Result:
        """Run one event and return its result, including errors; start the app if necessary.

        Events beyond the app's concurrency wait here, so that killing a process does not affect them.
        """
        async with self._slots:
            try:
                if self._process is None:
                    await self.start()
            except OSError as error:
                text = f"Cannot run {self._command[0]!r}: {error.strerror or error}"
                return make_failure("-", ErrorType.INVALID_ENTRYPOINT, text, dispatched=False)
            result = await self._api.invoke(payload, client_context=client_context)
            if result.error_type in _HUNG and self._api.open_count == 0:
                await self.kill()  # it is hanging: the next event gets a new process, as on Lambda
            return result

    async def kill(self) -> None:
        """Kill the app and its children, and wait until the app has exited."""
        process, watch = self._process, self._watch
        if process is not None and watch is not None:
            self._ending = True
            _kill_group(process.pid)
            await asyncio.shield(watch)

    async def close(self, grace_seconds: float = 0.0) -> None:
        """Stop the app: wait up to `grace_seconds` for open events, respond with 500, then send SIGKILL."""
        self._ending = True
        await self._api.shutdown(grace_seconds)
        if self._watch is not None:
            await asyncio.wait([self._watch], timeout=self._kill_grace_seconds)
        await self.kill()

    async def wait(self) -> int | None:
        """Wait for the app to exit and return its exit code, or None if no app is running."""
        return await self._process.wait() if self._process else None

    async def _notice_end(self, process: asyncio.subprocess.Process) -> None:
        returncode = await process.wait()
        _kill_group(process.pid)  # workers that outlive their parent would keep /next open
        self._process = self._watch = None
        reason = exit_reason(returncode)
        if self._api.fail_pending(ErrorType.EXIT_ERROR, reason) == 0 and not self._ending:
            sys.stderr.write(f"intermodal_runtime: {reason} while idle; it restarts with the next event\n")


def app_environment(inherited: Mapping[str, str], context: FunctionContext, address: str) -> dict[str, str]:
    """Return the app's environment: the inherited variables without unsafe ones, plus the function's variables."""
    variables = {name: value for name, value in inherited.items() if name not in NEVER_INHERITED}
    if variables.get("AWS_EXECUTION_ENV", "").startswith("AWS_Lambda_"):
        del variables["AWS_EXECUTION_ENV"]
    if any(name.lower() in ("http_proxy", "all_proxy") for name in variables):
        # .NET's HttpClient would send the Runtime API's traffic to the proxy.
        for name in ("NO_PROXY", "no_proxy"):
            variables[name] = ",".join(filter(None, (variables.get(name, ""), "127.0.0.1")))
    return variables | environment(context, address)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)

"""Explain why a run has no response: the app ran out of memory, exited, or requested another event.

The adapter cannot observe another container's exit directly. It can use:

- `oom_kill` in /proc/vmstat: the kernel's OOM kill counter for the whole machine. On Fargate, the machine runs only
  this task. On a shared node, another workload may be killed during the same run.
- The app's first process, if the pod's containers share a process namespace.
- The exit code from the ECS agent: 137 for SIGKILL, without a reason.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

from intermodal_runtime.errors import ErrorType
from intermodal_runtime.invocation import Result, make_failure

VMSTAT = Path("/proc/vmstat")
KILLED = "signal: killed"

OUT_OF_MEMORY = (
    "Runtime exited with error: signal: killed; it needs more than its {mib} MiB of memory; raise memory_mib"
)
ENDED = "Runtime exited; see the exit code in its container's status, and its log"
ASKED_AGAIN = (
    "the app's client requested another event while this one was in progress: one of its workers exited, or it "
    "does not wait "
    "for its handler"
)
UNEXPLAINED = (ErrorType.EXIT_ERROR, ErrorType.TIMED_OUT)


class Process(NamedTuple):
    """A process, identified by its PID and start time, because PIDs are reused."""

    pid: int
    started: int


class App(Protocol):
    """The app's processes."""

    def find_first(self) -> Process | None:
        """Return the oldest process, or None if there is no process."""


class ExitExplainer:
    """Explainer that compares the state before a run with the state after its failure."""

    def __init__(self, memory_mib: int, app: App | None = None, vmstat: Path = VMSTAT) -> None:
        self._memory_mib, self._app, self._vmstat = memory_mib, app, vmstat
        self._kills: int | None = None
        self._first: Process | None = None

    def begin(self) -> None:
        """Record the state at the start of a run."""
        self._kills = self._read_kills()
        self._first = self._app.find_first() if self._app else None

    def explain(self, result: Result) -> Result:
        """Return a failed result with its cause, if known; return other results unchanged."""
        if result.error_type not in UNEXPLAINED or not result.dispatched:
            return result
        cause = self._find_cause(result)
        if cause is None:
            return result
        return make_failure(result.request_id, *cause, dispatched=True, duration_ms=result.duration_ms)

    def is_out_of_memory(self, words: str) -> bool:
        """Return whether an app with this exit reason was killed by the OOM killer."""
        return KILLED in words and self._was_killed() is not False

    def _find_cause(self, result: Result) -> tuple[str, str] | None:
        memory = ErrorType.OUT_OF_MEMORY, OUT_OF_MEMORY.format(mib=self._memory_mib)
        same = self._is_same_app()
        if result.timed_out:
            return self._find_timeout_cause(same, memory, gone=result.client_gone)
        if self.is_out_of_memory(result.error_message):
            return memory
        if same is None:
            return None
        if self._was_killed():
            return memory
        return ErrorType.EXIT_ERROR, ASKED_AGAIN if same else ENDED

    def _find_timeout_cause(self, same: bool | None, memory: tuple[str, str], *, gone: bool) -> tuple[str, str] | None:
        """Return the cause of a timeout if the app has exited; the ECS agent may report the exit later."""
        killed = self._was_killed()
        if same is None:
            return memory if gone and killed else None
        if same:
            return None
        return memory if killed else (ErrorType.EXIT_ERROR, ENDED)

    def _is_same_app(self) -> bool | None:
        """Return whether the app's first process is unchanged, or None if it is not visible."""
        if self._app is None or self._first is None:
            return None
        return self._app.find_first() == self._first

    def _was_killed(self) -> bool | None:
        """Return whether the OOM killer has killed a process since `begin`, or None if unknown."""
        now = self._read_kills()
        return None if now is None or self._kills is None else now > self._kills

    def _read_kills(self) -> int | None:
        try:
            words = self._vmstat.read_text().split()
            return int(words[words.index("oom_kill") + 1])
        except (OSError, ValueError, IndexError):  # an older kernel, or a sandbox
            return None

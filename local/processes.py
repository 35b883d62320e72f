"""Manage background processes through PID files, never by process name."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TICK_SECONDS = 0.05


def launch(command: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
    """Start a background process in a new session with its output in `log`; return its PID."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    return os.posix_spawnp(
        command[0],
        list(command),
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def poll(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until `condition` is true or `seconds` have passed; return whether it became true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(TICK_SECONDS)
    return True


def is_alive(pid: int) -> bool:
    """Return whether a process with this PID is running; a zombie does not count."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # reap our own child, which would otherwise remain a zombie
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def find(pid_file: Path) -> int | None:
    """Return the PID in `pid_file`, or None if that process has exited.

    If the process started after the file was written, the kernel has reused the PID, and the result is None.
    """
    try:
        pid = int(pid_file.read_text())
        written = pid_file.stat().st_mtime
    except (FileNotFoundError, ValueError):
        return None
    if not is_alive(pid) or start_time(pid) > written + 1:
        return None
    return pid


def start_time(pid: int) -> float:
    """Return a process's start time in epoch seconds."""
    boot = next(
        int(line.split()[1]) for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime")
    )
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return boot + ticks / os.sysconf("SC_CLK_TCK")


def programs_with(program: str, variable: str, folder: Path) -> list[int]:
    """Return the PIDs of this program's processes whose environment variable is a path in `folder`.

    The variable alone is not enough, because every process started from such a shell inherits it.
    """
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has exited, or another user owns it
            if (environ.parent / "exe").readlink().name != program:
                continue
            for entry in environ.read_bytes().split(b"\0"):
                key, _, value = entry.decode(errors="replace").partition("=")
                if key == variable and Path(value).is_relative_to(folder):
                    found.append(int(environ.parent.name))
    return found


def stop(pid_file: Path, *, seconds: float) -> bool:
    """Send SIGTERM, then SIGKILL after `seconds`; remove the PID file. Return False if no process was running."""
    pid = find(pid_file)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
            if not poll(lambda: not is_alive(pid), seconds):
                os.kill(pid, signal.SIGKILL)
                poll(lambda: not is_alive(pid), 5)
    pid_file.unlink(missing_ok=True)
    return pid is not None

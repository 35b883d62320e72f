"""Run a private Docker daemon from Debian packages, with its data in `.local` and only host networking."""

import os
import shutil
import subprocess
from pathlib import Path

from intermodal_offline.docker import packages
from local import paths, processes
from local.advice import LocalError, need_space
from local.console import step
from local.docker.daemon import Docker, answers

FOLDER = paths.LOCAL / "docker"
START_SECONDS = 60


def ensure() -> Docker:
    """Return the private daemon; start it if it is not running.

    Raises:
        LocalError: the user is not root, or the daemon did not start within `START_SECONDS`.
    """
    if os.geteuid() != 0:
        raise LocalError(
            "Docker is not responding and a private daemon needs root; start Docker "
            "(https://docs.docker.com/engine/install/), set DOCKER_HOST to a running daemon, or run this as root."
        )
    own = Docker(host=f"unix://{socket()}", private=True)
    if answers(own.host):
        return own
    need_space(FOLDER.parent, 3, "A private Docker daemon")
    tools = packages.ensure("docker.io", "no Docker daemon is responding here; takes seconds, once per machine")
    with step("Starting a private Docker daemon"):
        processes.stop(FOLDER / "dockerd.pid", seconds=30)  # it may hang or be exiting
        pid = _start(tools)
        ready = processes.poll(lambda: answers(own.host) or not processes.is_alive(pid), START_SECONDS)
        if not ready or not answers(own.host):
            log = (FOLDER / "dockerd.log").read_text()[-600:]
            raise LocalError(f"The private Docker daemon did not start within {START_SECONDS} s; its log ends:\n{log}")
    return own


def running() -> bool:
    """Return whether the private daemon is running."""
    return processes.find(FOLDER / "dockerd.pid") is not None


def stop() -> bool:
    """Stop the private daemon and keep its images in `.local`; return False if it was not running."""
    stopped = processes.stop(FOLDER / "dockerd.pid", seconds=30)
    if paths.sockets().exists():
        _unmount(paths.sockets())
        shutil.rmtree(paths.sockets())
    return stopped


def _unmount(folder: Path) -> None:
    """Unmount the network namespaces that dockerd leaves mounted, so that the folder can be removed."""
    for line in Path("/proc/mounts").read_text().splitlines():
        mount = Path(line.split()[1])
        if mount.is_relative_to(folder):
            subprocess.run(["umount", mount], check=True)


def socket() -> Path:
    """Return the path of the private daemon's socket."""
    return paths.sockets() / "docker.sock"


def _start(tools: Path) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    paths.sockets().mkdir(parents=True, exist_ok=True)
    options = {
        "data-root": FOLDER / "data",
        "exec-root": paths.sockets() / "exec",
        "pidfile": FOLDER / "dockerd.pid",
        "host": f"unix://{socket()}",
        # Leave the machine's network unchanged; containers use host networking, which is enough for Lambda images.
        "bridge": "none", "iptables": "false", "ip6tables": "false", "ip-masq": "false", "ip-forward": "false",
    }  # fmt: skip
    environment = packages.environment(tools)
    program = shutil.which("dockerd", path=environment["PATH"]) or "dockerd"
    command = [program, *(f"--{name}={value}" for name, value in options.items())]
    return processes.launch(command, environment, FOLDER / "dockerd.log")

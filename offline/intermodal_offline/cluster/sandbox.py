"""The cluster's own view of the machine: network, mounts and settings of the kernel that nothing else sees.

Everything here is done inside namespaces that end with the cluster's first process, so there is nothing to undo, not
even after SIGKILL. Only control groups have no such namespace: `remove_cgroups` is for afterwards.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from intermodal_offline.cluster.settings import API_ADDRESS, NODE_ADDRESS, Settings
from local import processes

MOUNT_POINTS = (
    Path("/run/containerd"),
    Path("/var/lib/cni"),
    Path("/var/lib/kubelet"),
    Path("/var/log/containers"),
)
"""Folders whose names are written into containerd, kubelet or CNI, or hold sockets whose paths must be short (unix(7):
107 bytes); each cluster sees a folder of its own there."""

SYSCTLS = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)
"""What kubelet sets for the whole machine; here it writes into files that lie over them."""

BRIDGE_MAC = "0a:58:0a:f4:00:01"
"""Given, or the bridge would take the lowest of the pods' and change it as they come and go: for half a minute each
time, pods would send to one that nobody has."""

CGROUPS = Path("/sys/fs/cgroup")
CGROUP_SECONDS = 5


def enter(settings: Settings) -> None:
    """Make the view; called by the cluster's first process, in namespaces of its own."""
    for folder in MOUNT_POINTS:
        own = settings.folder / "mounts" / folder.name
        own.mkdir(parents=True)
        _run("mount", "--bind", str(own), str(folder))
    values = settings.folder / "sysctl"
    for name in SYSCTLS:
        real, mine = Path("/proc/sys") / name, values / name
        if real.exists():
            mine.parent.mkdir(parents=True, exist_ok=True)
            mine.write_text(real.read_text())
            _run("mount", "--bind", str(mine), str(real))
    _connect()
    for folder in _hierarchies():
        _make_cgroup(folder / settings.cgroup.lstrip("/"))


def _connect() -> None:
    """A bridge that holds the node's address; it is also the default route, which some components look for."""
    for line in (
        "link set lo up",
        f"link add cni0 address {BRIDGE_MAC} type bridge",
        f"address add {NODE_ADDRESS}/24 dev cni0",
        f"address add {API_ADDRESS}/32 dev lo",
        "link set cni0 up",
        f"route add default via {NODE_ADDRESS} dev cni0",
    ):
        _run("ip", *line.split())
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _hierarchies() -> Iterator[Path]:
    """Roots of the control groups: one in version 2, one for each controller in version 1."""
    if (CGROUPS / "cgroup.controllers").exists():
        yield CGROUPS
        return
    for folder in CGROUPS.iterdir():
        if (folder / "cgroup.procs").exists() and not folder.is_symlink():
            yield folder


def _make_cgroup(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("cpuset.cpus", "cpuset.mems"):  # empty in a new group of version 1, and then nothing can run in it
        if (folder / name).exists() and (folder.parent / name).exists():
            (folder / name).write_text((folder.parent / name).read_text())


def remove_cgroups(settings: Settings) -> list[Path]:
    """Remove the control groups of a cluster that has ended; those that cannot be, because something is in them."""
    tops = [folder / settings.cgroup.lstrip("/") for folder in _hierarchies()]
    processes.poll(lambda: not any(_remove(top) for top in tops), CGROUP_SECONDS)  # the kernel empties them in its time
    return [top for top in tops if top.exists()]


def _remove(top: Path) -> bool:
    """Whether it is still there."""
    if not top.exists():
        return False
    folders = sorted((path for path in top.rglob("*") if path.is_dir()), key=lambda path: len(path.parts), reverse=True)
    for folder in [*folders, top]:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return top.exists()

"""Isolate the cluster's network, mounts, and kernel settings from the machine.

All changes are made inside namespaces that disappear when the cluster's PID 1 exits, so nothing needs cleanup, even
after SIGKILL. The exception is control groups, which `remove_cgroups` removes after the cluster has stopped.
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
"""Folders that are hard-coded in containerd, kubelet, or CNI, or whose sockets need a short path (unix(7): 107 bytes).
Each cluster mounts a private folder there."""

SYSCTLS = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)
"""Kernel settings that kubelet would change for the whole machine; mounts redirect the writes to private files."""

BRIDGE_MAC = "0a:58:0a:f4:00:01"
"""Fixed MAC address. Otherwise the bridge would use the lowest MAC address among its pods, which changes with the
pods. After each change, pods would send packets to a stale address for half a minute."""

CGROUPS = Path("/sys/fs/cgroup")
CGROUP_SECONDS = 5


def enter(settings: Settings) -> None:
    """Set up the isolated environment; the cluster's PID 1 calls this inside its namespaces."""
    for folder in MOUNT_POINTS:
        own = settings.folder / "mounts" / folder.name
        own.mkdir(parents=True)
        _run("mount", "--bind", str(own), str(folder))
    values = settings.folder / "sysctl"
    for name in SYSCTLS:
        real, private = Path("/proc/sys") / name, values / name
        if real.exists():
            private.parent.mkdir(parents=True, exist_ok=True)
            private.write_text(real.read_text())
            _run("mount", "--bind", str(private), str(real))
    _connect()
    for folder in _hierarchies():
        _make_cgroup(folder / settings.cgroup.lstrip("/"))


def _connect() -> None:
    """Create a bridge with the node's address, and a default route, which some components need."""
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
    """Yield the control group roots: one for cgroup v2, one per controller for cgroup v1."""
    if (CGROUPS / "cgroup.controllers").exists():
        yield CGROUPS
        return
    for folder in CGROUPS.iterdir():
        if (folder / "cgroup.procs").exists() and not folder.is_symlink():
            yield folder


def _make_cgroup(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name in ("cpuset.cpus", "cpuset.mems"):  # a new cgroup v1 cpuset has no CPUs or memory nodes
        if (folder / name).exists() and (folder.parent / name).exists():
            (folder / name).write_text((folder.parent / name).read_text())


def remove_cgroups(settings: Settings) -> list[Path]:
    """Remove a stopped cluster's control groups; return those that still contain processes."""
    tops = [folder / settings.cgroup.lstrip("/") for folder in _hierarchies()]
    # The kernel needs a moment to remove the exited processes from the groups.
    processes.poll(lambda: not any(_remove(top) for top in tops), CGROUP_SECONDS)
    return [top for top in tops if top.exists()]


def _remove(top: Path) -> bool:
    """Try to remove a control group; return whether it still exists."""
    if not top.exists():
        return False
    folders = sorted((path for path in top.rglob("*") if path.is_dir()), key=lambda path: len(path.parts), reverse=True)
    for folder in [*folders, top]:
        with contextlib.suppress(OSError):
            folder.rmdir()
    return top.exists()

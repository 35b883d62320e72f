"""Two local clusters run side by side, and a stopped one leaves nothing on the machine."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.ports import free_port
from intermodal_offline.cluster import built, sandbox
from intermodal_offline.cluster.node import Node
from intermodal_offline.cluster.settings import Settings
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local import processes
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.cluster.choice import Choice, choose

pytestmark = pytest.mark.skipif(
    choose() is not Choice.BUILT, reason="only a built cluster can be inspected from this machine"
)


NETWORK = (["ip", "-brief", "address"], ["ip", "route"], ["ip", "netns"])
OURS = ("cni", "veth", "10.244.", "10.96.", "intermodal")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Settings]:
    """Return the settings for another clone's cluster."""
    settings = Settings(folder=tmp_path / "cluster", key=f"test-{os.getpid()}")
    yield settings
    built.stop(settings)


def machine(settings: Settings) -> dict[str, object]:
    """Return everything on the machine that a cluster could change, whether global or under its name."""
    outputs = [subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in NETWORK]
    cgroups = [str(folder) for folder in sandbox.CGROUPS.glob("**/intermodal*") if settings.key in str(folder)]
    mounts = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return {
        "network": [line for lines in outputs for line in lines.splitlines() if any(word in line for word in OURS)],
        "sysctls": {name: (Path("/proc/sys") / name).read_text() for name in sandbox.SYSCTLS},
        "forwarding": Path("/proc/sys/net/ipv4/ip_forward").read_text(),
        "cgroups": cgroups,
        "mounts": [mount for mount in mounts if settings.key in mount or str(settings.folder) in mount],
        "folders": {
            str(folder): folder.exists() for folder in [*sandbox.MOUNT_POINTS, settings.folder, settings.sockets]
        },
    }


def members(namespace: str) -> list[int]:
    """Return the processes in a PID namespace."""
    found = []
    for link in Path("/proc").glob("[0-9]*/ns/pid"):
        try:
            if os.readlink(link) == namespace:  # noqa: PTH115 - it is no path
                found.append(int(link.parts[2]))
        except OSError:  # the process has exited
            continue
    return found


@pytest.mark.parametrize("end", ["stopped", "killed"])
def test_two_clusters_run_side_by_side_and_clean_up(cluster: Cluster, other: Settings, end: str) -> None:
    before = machine(other)
    built.start(other, Emulator(folder=other.folder / "aws", port=free_port()))
    node = Node(other, cluster.emulator)
    assert node.server != cluster.server
    for each in (node, cluster):
        api = Api(connection(Chosen(kubeconfig=str(each.kubeconfig))))
        assert api.get("/api/v1/nodes/intermodal")
    assert before["sysctls"] == machine(other)["sysctls"]
    first = built.namespace(other).parent.parent
    inside = str((first / "ns/pid").readlink())
    assert len(members(inside)) > 8
    if end == "killed":  # as the kernel's OOM killer or a user would
        os.kill(int(other.pid_file.read_text()), signal.SIGKILL)
        assert processes.poll(lambda: not members(inside), 10)
    assert built.stop(other) is (end == "stopped")
    assert members(inside) == []
    assert machine(other) == before


def test_stopping_a_stopped_cluster_is_a_no_op(other: Settings) -> None:
    assert built.stop(other) is False

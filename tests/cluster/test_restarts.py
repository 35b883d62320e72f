"""The cluster's stateless servers are restarted after SIGKILL, and the cluster keeps working."""

import os
import signal
from functools import partial

import pytest

from bench.harness.namespace import Namespace, until
from intermodal_offline.cluster.node import Node
from local.advice import LocalError
from local.cluster import Cluster


@pytest.mark.parametrize("program", ["kubelet", "keda-operator"])
def test_killed_server_is_restarted(cluster: Cluster, namespace: Namespace, program: str) -> None:
    if not isinstance(cluster, Node):
        pytest.skip("only a cluster that was built here runs its components on this machine")
    for _ in range(2):  # twice: the second time right after a restart
        killed = cluster.program(program)
        os.kill(killed, signal.SIGKILL)
        until(partial(_is_another, cluster, program, killed), f"another {program}", namespace.describe)


def _is_another(cluster: Node, program: str, first: int) -> bool:
    try:
        return cluster.program(program) != first
    except LocalError:  # it has not been restarted yet
        return False

"""A user's own `pulumi` finds the same cluster as the Makefile targets."""

import os
import shlex
import subprocess
import sys

import pytest

from local import cluster as local_cluster
from local import stack
from local.cluster import Cluster


def print_environment(targets: str) -> dict[str, str]:
    """Return the output of `make env`."""
    said = subprocess.run(
        [sys.executable, "-m", "local", "env"], env={**os.environ, "INTERMODAL_TARGETS": targets},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return dict(shlex.split(line)[1].split("=", 1) for line in said.splitlines())


def test_plain_preview_finds_the_demos_cluster(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERMODAL_TARGETS", "kubernetes")
    ours, users = stack.workspace(cluster).environment(), print_environment("kubernetes")
    for name in ("INTERMODAL_CLUSTER_KUBECONFIG", "INTERMODAL_POD_ENDPOINT"):
        assert users[name] == ours[name]


def test_cluster_is_not_looked_up_without_kubernetes_target() -> None:
    assert "INTERMODAL_CLUSTER_KUBECONFIG" not in print_environment("lambda ecs")


def test_looking_up_the_cluster_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.cluster.choice.choose", lambda: local_cluster.Choice.BUILT)
    monkeypatch.setattr("intermodal_offline.cluster.built.running", lambda _: False)
    assert local_cluster.found() is None

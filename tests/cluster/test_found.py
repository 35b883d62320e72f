"""What a person's own `pulumi` is told of the cluster is what the doors tell theirs."""

import os
import shlex
import subprocess
import sys

import pytest

from local import cluster as local_cluster
from local import stack
from local.cluster import Cluster


def printed(targets: str) -> dict[str, str]:
    """What `make env` prints."""
    said = subprocess.run(
        [sys.executable, "-m", "local", "env"], env={**os.environ, "INTERMODAL_TARGETS": targets},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return dict(shlex.split(line)[1].split("=", 1) for line in said.splitlines())


def test_plain_preview_finds_the_cluster_of_the_demo(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERMODAL_TARGETS", "kubernetes")
    of_the_doors, of_a_person = stack.workspace(cluster).environment(), printed("kubernetes")
    for name in ("INTERMODAL_CLUSTER_KUBECONFIG", "INTERMODAL_POD_ENDPOINT"):
        assert of_a_person[name] == of_the_doors[name]


def test_nobody_asks_for_a_cluster_that_no_target_needs() -> None:
    assert "INTERMODAL_CLUSTER_KUBECONFIG" not in printed("lambda ecs")


def test_nothing_is_started_to_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.cluster.choice.choose", lambda: local_cluster.Choice.BUILT)
    monkeypatch.setattr("intermodal_offline.cluster.built.running", lambda _: False)
    assert local_cluster.found() is None

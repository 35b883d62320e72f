"""An EKS cluster and its dependents are previewed without internet, but never created."""

import dataclasses
import importlib.metadata
import shutil
import sys
from pathlib import Path

import pytest

from intermodal_offline import providers
from tests.offline.providers.stack import Engine, Stack


@pytest.fixture
def stack(kubernetes_engine: Engine, tmp_path: Path) -> Stack:
    """Create a stack with an EKS cluster."""
    shutil.copytree(Path(__file__).with_name("managed"), tmp_path / "program")
    home = Path(kubernetes_engine.environment["PULUMI_HOME"])
    providers.install(home, importlib.metadata.version("pulumi_eks"), Path(sys.executable), "eks")
    return dataclasses.replace(kubernetes_engine, folder=tmp_path).stack("managed", {})


def test_created_cluster_and_its_dependents_only_preview(stack: Stack) -> None:
    previewed = stack.step("preview", "preview")
    assert previewed.code == 0, previewed.output
    assert previewed.of("eks:index:Cluster") == {"create"}
    assert previewed.of("kubernetes:core/v1:Namespace") == {"create"}
    made = stack.step("up", "up", "--yes", "--skip-preview")
    assert made.code == 1
    assert "an EKS cluster can only be created in AWS" in made.output

"""Provide the stack for the chaos tests."""

from collections.abc import Iterator

import pytest

from bench.harness.stack import Stack, undeployed
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.engine.conftest import workspace

__all__ = ["workspace"]


@pytest.fixture(scope="module")
def stack(
    workspace: Workspace,
    emulator: Emulator,
    docker: Docker,
    cluster: Cluster,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """Return a stack that is not deployed yet; destroy it at the end."""
    with undeployed(workspace, emulator, docker, cluster, tmp_path_factory.mktemp("chaos") / "program") as made:
        yield made

"""A stack with one function, and the cloud beneath it."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.aws import deployer
from local.aws.settings import Emulator
from local.cache import locked
from local.cluster import Cluster
from local.docker import images
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.chaos.load import Load
from tests.engine.conftest import workspace
from tests.engine.project import Project

__all__ = ["workspace"]

FOLDERS = ["tests/conformance/function", "runtime"]


@dataclass(frozen=True)
class Moving:
    """The stack; its function moves to wherever `configure` says."""

    project: Project
    emulator: Emulator
    cluster: Cluster
    config: dict[str, Any]

    @property
    def namespace(self) -> str:
        """Of its pods."""
        return str(self.config["namespace"])

    def configure(self, target: str, **more: Any) -> None:
        """Write the stack file."""
        config = {**self.config, **more, "target": target}
        self.project.configure({f"chaos:{key}": value for key, value in config.items()})

    def up(self) -> Load:
        """Deploy; the way to its inbox."""
        return Load(self.client("sqs"), self.project.up())

    def client(self, service: str) -> Any:
        """Of the embedded AWS, as the deployer."""
        connect: Any = deployer.session(self.emulator).client
        return connect(service, endpoint_url=self.emulator.endpoint)


@pytest.fixture
def moving(
    workspace: Workspace, emulator: Emulator, docker: Docker, cluster: Cluster, tmp_path: Path
) -> Iterator[Moving]:
    """A stack that is not deployed yet; destroyed in the end."""
    with closing(docker.client()) as client, locked("tests-images"):
        image, adapter = images.ensure(client, FOLDERS)
    for reference in (image, adapter):
        cluster.load_image(reference)
    project = Project.copy(workspace, Path(__file__).parent / "program", tmp_path / "program")
    with cluster.door(emulator.port) as endpoint:
        config = {"image": image, "adapter": adapter, "endpoint": endpoint, "kubeconfig": str(cluster.kubeconfig)}
        yield Moving(project, emulator, cluster, {**config, "namespace": f"chaos-{os.urandom(3).hex()}"})
        project.destroy()

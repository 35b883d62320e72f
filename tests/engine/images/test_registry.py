"""A platform's registry gets the images of build folders, and every target runs them by digest."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.harness.project import Project
from local import paths
from local.aws import deployer
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.engine.examples.test_examples import read_json

TARGETS = ("lambda", "ecs", "kubernetes")
SECONDS = 180.0
APP = "functions/receipt/app.py"
DOCKERFILE = "functions/receipt/Dockerfile"


@pytest.fixture(scope="module")
def project(
    workspace: Workspace, emulator: Emulator, docker: Docker, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """Deploy the program once; the workspace's Docker builds its images."""
    folder = tmp_path_factory.mktemp("images") / "program"
    made = Project.copy(workspace, Path(__file__).parent / "program", folder)
    with cluster.forward(emulator.port) as endpoint:
        config: dict[str, Any] = {"targets": list(TARGETS), "adapter": os.path.relpath(paths.ROOT / "runtime", folder)}
        config |= {"kubeconfig": str(cluster.kubeconfig), "endpoint": endpoint}
        made.configure({f"images:{k}": v for k, v in config.items()} | {"images:namespace": "images"})
        made.up()
        yield made
        made.destroy()


def receipts(project: Project, emulator: Emulator, key: str) -> list[dict[str, str]]:
    """Upload an object for each target; return the receipts."""
    session: Any = deployer.session(emulator)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=emulator.endpoint)

    outputs = project.outputs()
    for target in TARGETS:
        client("s3").put_object(Bucket=outputs[target]["uploads"], Key=key, Body=b"%PDF")
    return [read_json(client, outputs[target]["receipts"], f"{key}.json", SECONDS) for target in TARGETS]


def list_images(project: Project) -> list[str]:
    """Return the references of the images that the program built."""
    return [
        json.loads(json.dumps(each["outputs"]["ref"]))
        for each in project.resources()
        if each["type"] == "docker-build:index:Image"
    ]


def test_folder_is_built_once_and_runs_on_every_target(project: Project, emulator: Emulator) -> None:
    assert len(list_images(project)) == 2
    assert receipts(project, emulator, "in/a.pdf") == [{"key": "in/a.pdf", "version": "one"}] * 3
    project.expect_no_changes()

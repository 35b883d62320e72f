"""Deploy examples to the emulator, and provide AWS clients to observe them."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.harness.project import Project
from local import paths
from local.aws import deployer
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.docker import daemon, images
from local.engine.workspace import Workspace

EXAMPLES = paths.ROOT / "examples"
Clients = Callable[[str], Any]
DeployProject = Callable[[Project], dict[str, Any]]
Deploy = Callable[..., tuple[Project, dict[str, Any]]]


@pytest.fixture
def client(emulator: Emulator) -> Clients:
    """Return AWS clients with the deployer's keys, by service."""
    session: Any = deployer.session(emulator)
    return lambda service: session.client(service, endpoint_url=emulator.endpoint)


@contextlib.contextmanager
def deploying_projects(docker: daemon.Docker) -> Iterator[DeployProject]:
    """Deploy projects with their images; destroy all of them at the end, the last one first."""
    made: list[Project] = []

    def up(project: Project) -> dict[str, Any]:
        if (project.folder / "function").exists():
            with contextlib.chdir(project.folder), closing(docker.client()) as found, hold_lock("tests-images"):
                images.ensure(found, ["function"])
        made.append(project)
        outputs = project.up()
        project.expect_no_changes()
        return outputs

    yield up
    for project in reversed(made):
        project.destroy()


@pytest.fixture
def deploy_project(docker: daemon.Docker) -> Iterator[DeployProject]:
    """Deploy a project for one test."""
    with deploying_projects(docker) as up:
        yield up


@pytest.fixture
def deploy(workspace: Workspace, deploy_project: DeployProject, tmp_path: Path) -> Deploy:
    """Deploy an example from a copy of its folder."""

    def deploy_example(name: str, config: dict[str, Any] | None = None) -> tuple[Project, dict[str, Any]]:
        project = Project.copy(workspace, EXAMPLES / name, tmp_path / name)
        if not (EXAMPLES / name / "Pulumi.dev.yaml").exists():
            project.configure(config or {})
        return project, deploy_project(project)

    return deploy_example

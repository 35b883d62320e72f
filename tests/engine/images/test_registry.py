"""A platform's registry gets the images of build folders, and every target runs them by digest."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from bench.harness.ports import free_port
from bench.harness.project import Project
from local import paths
from local.aws import deployer
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker.daemon import Docker
from local.engine.workspace import Workspace
from tests.engine.examples.test_examples import read_json
from tests.engine.images import distribution

TARGETS = ("lambda", "ecs", "kubernetes")
SECONDS = 180.0
APP, DOCKERFILE = "functions/receipt/app.py", "functions/receipt/Dockerfile"
ONE_IMAGE = "application/vnd.docker.distribution.manifest.v2+json"
"""Media type of a manifest for one platform; Lambda rejects an index of several manifests."""


@pytest.fixture(scope="module")
def endpoint(emulator: Emulator, cluster: Cluster) -> Iterator[str]:
    """Return the emulator's URL for pods."""
    with cluster.forward(emulator.port) as address:
        yield address


@contextmanager
def deployed(project: Project, cluster: Cluster, endpoint: str, **config: Any) -> Iterator[Project]:
    """Deploy the program; destroy it at the end."""
    config |= {"adapter": os.path.relpath(paths.ROOT / "runtime", project.folder), "endpoint": endpoint}
    config |= {"kubeconfig": str(cluster.kubeconfig), "namespace": f"images-{os.urandom(3).hex()}"}
    project.configure({f"images:{key}": value for key, value in config.items()})
    project.up()
    yield project
    project.destroy()


def copy(workspace: Workspace, folder: Path) -> Project:
    """Return a copy of the program with a stack of its own; its function has the Dockerfile of an example."""
    copied = Project.copy(workspace, Path(__file__).parent / "program", folder, f"s{os.urandom(3).hex()}")
    shutil.copy(paths.ROOT / "examples/uploads/function/Dockerfile", folder / DOCKERFILE)
    return copied


@pytest.fixture(scope="module")
def project(
    workspace: Workspace, docker: Docker, cluster: Cluster, endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """Deploy one function to an existing registry, which runs in this test."""
    folder = tmp_path_factory.mktemp("images")
    with distribution.serving(folder) as address:
        copied = copy(workspace, folder / "program")
        with deployed(copied, cluster, endpoint, targets=["lambda"], registry=f"{address}/team/images") as made:
            yield made


def receive(project: Project, emulator: Emulator, key: str) -> list[dict[str, str]]:
    """Upload an object for each function; return the receipts."""
    session: Any = deployer.session(emulator)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=emulator.endpoint)

    buckets = project.outputs().values()
    for each in buckets:
        client("s3").put_object(Bucket=each["uploads"], Key=key, Body=b"%PDF")
    return [read_json(client, each["receipts"], f"{key}.json", SECONDS) for each in buckets]


def list_images(project: Project) -> list[str]:
    """Return the references of the images that the program built."""
    return [each["outputs"]["ref"] for each in project.resources() if each["type"] == "docker-build:index:Image"]


@contextmanager
def replaced(project: Project, file: str, old: str, new: str) -> Iterator[None]:
    """Change a file of the program while the block runs, and deploy the original afterwards."""
    path = project.folder / file
    original = path.read_text()
    assert old in original
    path.write_text(original.replace(old, new))
    try:
        yield
    finally:
        path.write_text(original)
        project.up()


def test_folder_is_built_once_and_runs_on_every_target(
    workspace: Workspace, emulator: Emulator, docker: Docker, cluster: Cluster, endpoint: str, tmp_path: Path
) -> None:
    with deployed(copy(workspace, tmp_path / "all"), cluster, endpoint, targets=list(TARGETS)) as project:
        assert len(list_images(project)) == 2, "one image of the functions, one of the adapter"
        assert receive(project, emulator, "in/a.pdf") == [{"key": "in/a.pdf", "version": "one"}] * len(TARGETS)
        project.expect_no_changes()


def test_existing_registry_gets_one_manifest_per_image(project: Project, emulator: Emulator) -> None:
    assert receive(project, emulator, "in/b.pdf") == [{"key": "in/b.pdf", "version": "one"}]
    for image in list_images(project):
        found = re.fullmatch(r"(?P<host>[^/]+)/(?P<name>[^:]+):[^@]+@(?P<digest>sha256:[0-9a-f]{64})", image)
        assert found, image
        url = f"http://{found['host']}/v2/{found['name']}/manifests/{found['digest']}"
        response = requests.head(url, headers={"Accept": ONE_IMAGE}, timeout=10)
        assert (response.status_code, response.headers["Content-Type"]) == (200, ONE_IMAGE)


def test_changed_folder_changes_only_the_image_and_its_function(project: Project, emulator: Emulator) -> None:
    before = list_images(project)
    with replaced(project, APP, '"one"', '"two"'):
        changes = [what.split()[0] for _, what in project.changes()]
        assert sorted(changes) == ["aws:lambda/function:Function", "docker-build:index:Image"]
        assert len(set(list_images(project)) & set(before)) == 1, "the adapter's image is the same"
        assert receive(project, emulator, "in/c.pdf") == [{"key": "in/c.pdf", "version": "two"}]


def test_failed_build_shows_its_output_and_changes_nothing(project: Project, emulator: Emulator) -> None:
    with replaced(project, DOCKERFILE, "COPY app.py", "RUN echo compiling && exit 7\nCOPY app.py"):
        output = project.refused("up", "--yes", "--skip-preview")
        assert "Building the image in functions/receipt failed; correct the build:" in output
        assert "compiling" in output
        assert "Traceback" not in output
        assert receive(project, emulator, "in/d.pdf") == [{"key": "in/d.pdf", "version": "one"}]


def test_unreachable_registry_changes_nothing(project: Project, emulator: Emulator) -> None:
    config = project.config()
    closed = f"127.0.0.1:{free_port()}"
    project.configure({**config, "images:registry": f"{closed}/team/images"})
    try:
        output = project.refused("up", "--yes", "--skip-preview")
        assert f"the registry did not accept {closed}/team/images:" in output
        assert "check that it is running" in output
        assert receive(project, emulator, "in/e.pdf") == [{"key": "in/e.pdf", "version": "one"}]
    finally:
        project.configure(config)
        project.up()

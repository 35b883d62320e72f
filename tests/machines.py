"""Start Docker, the AWS emulator and Kubernetes for the tests that need them; `tests/conftest.py` loads this plugin."""

from collections.abc import Iterator

import pytest

from bench.harness.ports import free_port
from local import cluster as local_cluster
from local.aws import control
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.cluster import Cluster
from local.docker import daemon, images

DOCKER_RAN = pytest.StashKey[bool]()
"""Whether the private Docker ran before the tests."""

CLUSTER_RAN = pytest.StashKey[bool]()
"""Whether the local Kubernetes ran before the tests."""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Record what ran before, in the process that outlives the workers of pytest-xdist."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[DOCKER_RAN] = daemon.running()
        session.config.stash[CLUSTER_RAN] = local_cluster.running()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the Docker and the Kubernetes that these tests started, after the last worker."""
    if hasattr(session.config, "workerinput"):
        return
    if not session.config.stash[CLUSTER_RAN]:
        local_cluster.stop()
    if not session.config.stash[DOCKER_RAN]:
        daemon.stop()


@pytest.fixture(scope="session")
def docker() -> daemon.Docker:
    """Return the Docker that all workers share."""
    with hold_lock("tests-docker"):
        return daemon.ensure()


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Return a Kubernetes with KEDA and Kueue; workers share it, so each test keeps to its own namespace."""
    return local_cluster.ensure()


@pytest.fixture(scope="session")
def images_of_examples(docker: daemon.Docker) -> dict[str, str]:
    """Return references of the images that tests run, by folder."""
    folders = ["examples/thumbnails", "tests/local/modes"]
    client = docker.client()
    try:
        with hold_lock("tests-images"):
            return dict(zip(folders, images.ensure(client, folders), strict=True))
    finally:
        client.close()


@pytest.fixture(scope="session")
def emulator(docker: daemon.Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Start an AWS emulator for this worker."""
    made = Emulator(folder=tmp_path_factory.mktemp("aws"), port=free_port())
    control.start(made, docker.host)
    yield made
    control.stop(made)

"""Provide fixtures for objects in a namespace per test."""

import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.harness.namespace import Namespace, until
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local.cluster import Cluster
from local.docker import base_image
from local.docker.daemon import Docker


@pytest.fixture(scope="session")
def api(cluster: Cluster) -> Api:
    """Return an API client with administrator access."""
    return Api(connection(Chosen(kubeconfig=str(cluster.kubeconfig))))


@pytest.fixture
def namespace(api: Api) -> Iterator[Namespace]:
    """Create a namespace; delete it with its contents afterwards."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    made = Namespace(api, name)
    made.apply("v1", "Namespace", name)
    until(lambda: api.get(made.path("v1", "ServiceAccount", "default")) is not None, "the default ServiceAccount")
    yield made
    api.delete(made.path("v1", "Namespace", name), "Background")


@pytest.fixture(scope="session")
def python(cluster: Cluster, docker: Docker) -> str:
    """Load an image that contains only Python into the cluster."""
    with closing(docker.client()) as client:
        reference = base_image.ensure(client)
    cluster.load_image(reference)
    return reference

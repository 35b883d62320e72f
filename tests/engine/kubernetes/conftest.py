"""Provide the real engine, with the offline provider and a real API server."""

import importlib.metadata
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from intermodal_offline import providers
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local import paths
from local.cluster import Cluster
from local.docker import base_image
from local.docker.daemon import Docker
from tests.offline.providers.stack import Engine


@pytest.fixture(scope="session")
def api(cluster: Cluster) -> Api:
    """Return an API client for changes outside the engine."""
    return Api(connection(Chosen(kubeconfig=str(cluster.kubeconfig))))


@pytest.fixture(scope="session")
def kubernetes_engine(engine_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return an engine in its own folder."""
    folder = tmp_path_factory.mktemp("kubernetes")
    shutil.copytree(Path(__file__).with_name("program"), folder / "program")
    path = os.pathsep.join([str(engine_folder), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_", "KUBE"))}
    environment = bare | {"PATH": path, "PYTHONPATH": str(paths.ROOT)}
    engine = Engine.prepare(engine_folder / "pulumi", folder, environment)
    version = importlib.metadata.version("pulumi_kubernetes")
    providers.install(folder / "home", version, Path(sys.executable), "kubernetes")
    return engine


@pytest.fixture(scope="session")
def config(cluster: Cluster, docker: Docker) -> dict[str, Any]:
    """Return the program's configuration."""
    with closing(docker.client()) as client:
        image = base_image.ensure(client)
    cluster.load_image(image)
    return {"objects:kubeconfig": str(cluster.kubeconfig), "objects:image": image}

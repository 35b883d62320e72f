"""Start Docker, an AWS emulator, and the cluster for benchmarks; keep services that are already running."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness.ports import free_port
from local import cluster, paths
from local.aws import control
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker import daemon
from local.docker.daemon import Docker


@dataclass(frozen=True, kw_only=True)
class Machinery:
    """Running services and a temporary folder."""

    docker: Docker
    emulator: Emulator
    cluster: Cluster
    folder: Path


@contextmanager
def machinery() -> Iterator[Machinery]:
    """Yield the services with a private AWS emulator; afterwards stop those that were not already running."""
    docker_ran, cluster_ran = daemon.running(), cluster.running()
    docker = daemon.ensure()
    with tempfile.TemporaryDirectory(dir=paths.LOCAL) as name:
        emulator = Emulator(folder=Path(name) / "aws", port=free_port())
        try:
            control.start(emulator, docker.host)
            yield Machinery(docker=docker, emulator=emulator, cluster=cluster.ensure(), folder=Path(name))
        finally:
            control.stop(emulator)
            if not cluster_ran:
                cluster.stop()
            if not docker_ran:
                daemon.stop()

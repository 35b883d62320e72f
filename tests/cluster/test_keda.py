"""Real KEDA: a ScaledJob on a queue in the AWS emulator starts the Jobs that drain it."""

from pathlib import Path

from bench.keda import measure as keda
from bench.machinery import Machinery
from local.aws.settings import Emulator
from local.cluster import Cluster
from local.docker.daemon import Docker


def test_a_scaled_job_drains_a_queue(docker: Docker, emulator: Emulator, cluster: Cluster, tmp_path: Path) -> None:
    """There are at least as many Jobs as messages; the benchmark measures the surplus."""
    on = Machinery(docker=docker, emulator=emulator, cluster=cluster, folder=tmp_path)
    image = keda.loaded_image(on)
    assert keda.too_many(on, image, "accurate, visible", keda.SITUATIONS["short work"]) >= 0

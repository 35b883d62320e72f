"""Container limits and volumes follow the task definition."""

from typing import Any

import pytest

from local.aws.ecs import options
from local.aws.ecs.spec import Spec


@pytest.mark.parametrize(
    ("container", "task", "shares"),
    [({}, {"cpu": "256"}, 256), ({"cpu": 512}, {"cpu": "1024"}, 512), ({}, {}, 2)],
)
def test_container_inherits_its_tasks_limits(container: dict[str, Any], task: dict[str, Any], shares: int) -> None:
    spec = Spec.of({"name": "app", "image": "i", **container}, {})
    assert options.of(spec, task, {}, {})["cpu_shares"] == shares


@pytest.mark.parametrize(
    ("volume", "declared", "bind"),
    [
        ({"name": "tmp"}, (), "docker-tmp:/tmp:rw,nocopy"),
        ({"name": "tmp"}, ("/tmp",), "docker-tmp:/tmp:rw"),  # noqa: S108 - of a container
        ({"name": "tmp", "host": {"sourcePath": "/srv"}}, (), "/srv:/tmp:rw"),
    ],
)
def test_empty_volume_is_owned_by_root_unless_declared(
    volume: dict[str, Any], declared: tuple[str, ...], bind: str
) -> None:
    mount = {"sourceVolume": "tmp", "containerPath": "/tmp"}  # noqa: S108 - of a container
    spec = Spec.of({"name": "app", "image": "i", "mountPoints": [mount]}, {})
    assert options.of(spec, {"volumes": [volume]}, {}, {"tmp": "docker-tmp"}, declared)["volumes"] == [bind]

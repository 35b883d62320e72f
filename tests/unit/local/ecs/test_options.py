"""A container's weight, among those of other tasks."""

from typing import Any

import pytest

from local.aws.ecs import options
from local.aws.ecs.spec import Spec


@pytest.mark.parametrize(
    ("container", "task", "shares"),
    [({}, {"cpu": "256"}, 256), ({"cpu": 512}, {"cpu": "1024"}, 512), ({}, {}, 2)],
)
def test_a_container_that_asks_for_nothing_weighs_as_much_as_its_task(
    container: dict[str, Any], task: dict[str, Any], shares: int
) -> None:
    spec = Spec.of({"name": "app", "image": "i", **container}, {})
    assert options.of(spec, task, {}, {})["cpu_shares"] == shares

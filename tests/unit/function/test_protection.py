"""`protect` and `drain_before_delete` apply to data and busy services, and to nothing that a move replaces."""

from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, Platform
from tests.conftest import IMAGE, Run

HOLDS_DATA = {"scan-main-inbox", "scan-main-dead-letters", "scan-undelivered", "scan-role"}
PLATFORM: Any = {
    "network": {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}},
    "ecs": {"existing": "arn:aws:ecs:eu-central-1:123456789012:cluster/shared"},
    "adapter": {"uri": IMAGE},
}


def protected_names(cloud: Run, option: bool | None = None, **args: Any) -> set[str]:
    """Return the names of protected resources; `option` is the value of `ResourceOptions.protect`."""
    seen: set[str] = set()

    def record(transformed: pulumi.ResourceTransformationArgs) -> None:
        if transformed.opts.protect:
            seen.add(transformed.name)

    def program() -> None:
        shared = {"platform": Platform("p", PLATFORM).handle, "vpc": True}
        definition: Any = {"image": IMAGE, **shared, **args}
        ContainerFunction("scan", definition, pulumi.ResourceOptions(protect=option, transformations=[record]))

    cloud(program)
    return seen


def test_protect_option_covers_data_and_no_consumer(cloud: Run) -> None:
    assert protected_names(cloud, option=True, target="lambda") == HOLDS_DATA


def test_protect_argument_matches_the_resource_option(cloud: Run) -> None:
    assert protected_names(cloud, protect=True, target="lambda") == HOLDS_DATA


def test_nothing_is_protected_by_default_on_lambda(cloud: Run) -> None:
    assert protected_names(cloud, target="lambda") == set()


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"target": "ecs"}, {"scan-main-service"}),
        ({"target": "ecs", "drain_before_delete": False}, set()),
        ({"lanes": [{"name": "main", "target": "ecs", "paused": True}]}, set()),
    ],
    ids=["running", "drain_before_delete is not set", "paused"],
)
def test_service_can_be_deleted_once_its_lane_is_paused(cloud: Run, args: dict[str, Any], expected: set[str]) -> None:
    assert protected_names(cloud, **args) == expected

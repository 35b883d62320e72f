"""The ECS target checks sizes and limits, and requires a platform."""

import dataclasses
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal import DefinitionError, Platform
from intermodal.definition.outputs import check_outputs
from intermodal.definition.resolve import resolve
from intermodal.limits import Target, task_size
from intermodal.platform.facts import require_ecs
from intermodal.platform.handle import normalize, parse_facts
from intermodal.targets.registry import load_checks
from tests.conftest import Run
from tests.unit.targets.ecs_lane import BASE, CLUSTER, HANDLE, function


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"vpc": False}, "vpc must be true for target ecs, whose tasks run in a VPC; set it to true."),
        ({"memory_mib": 300_000}, "memory_mib must be at most 249728 for target ecs, got 300000; change it."),
        (
            {"memory_mib": 512, "vcpu": 64},
            "memory_mib and vcpu must fit a Fargate task size for target ecs, got 512 and 64; the maximum is 32 "
            "vCPU, or "
            "122752 MiB with 16 vCPU.",
        ),
        (
            {"timeout_seconds": 43_200},
            "timeout_seconds must be at most 42000 for target ecs, got 43200; lower it, or split the work.",
        ),
        (
            {"environment": {"AWS_ACCESS_KEY_ID": "x"}},
            "environment.AWS_ACCESS_KEY_ID is reserved by target ecs; use a different name.",
        ),
    ],
)
def test_arguments_invalid_on_ecs_are_refused(cloud: Run, args: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        function(cloud, **args)
    assert str(refused.value) == f'ContainerFunction "scan": {sentence}'


def test_platform_without_a_cluster_is_refused() -> None:
    facts = parse_facts(normalize("F", HANDLE))
    assert require_ecs("F", facts).cluster_arn == CLUSTER
    with pytest.raises(DefinitionError) as refused:
        require_ecs("F", dataclasses.replace(facts, ecs=None))
    assert str(refused.value) == (
        "F: platform must have an ECS cluster for target ecs, but has none; add ecs: {} to the platform."
    )


def test_platform_creates_or_adopts_a_cluster(cloud: Run) -> None:
    adapter = {"uri": "registry.example/adapter:1"}
    seen: list[Any] = []
    made = cloud(lambda: Platform("p", {"ecs": {}, "adapter": adapter}).handle.apply(seen.append))  # type: ignore[typeddict-item]
    assert made.list_registrations() == [
        "aws:ecs/cluster:Cluster p-cluster",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders p-capacity",
        "intermodal:index:Platform p",
    ]
    assert seen[0]["ecs_cluster_arn"] == "arn:p-cluster"
    capacity = made.inputs("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "p-capacity")
    assert capacity["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"], "neither can be removed while tasks run"
    ecs = {"existing": CLUSTER, "capacity_provider": "ours"}
    made = cloud(lambda: Platform("p", {"ecs": ecs, "adapter": adapter}).handle.apply(seen.append))  # type: ignore[typeddict-item]
    assert made.list_registrations() == ["intermodal:index:Platform p"]
    assert (seen[1]["ecs_cluster_arn"], seen[1]["ecs_capacity_provider"]) == (CLUSTER, "ours")
    assert seen[1]["adapter_image"] == "registry.example/adapter:1"


def test_missing_adapter_image_is_refused(cloud: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match=r"set adapter\.uri to an image built from intermodal's runtime folder"):
        cloud(lambda: Platform("p", {"ecs": {}}))


@given(st.integers(128, 249_000), st.sampled_from([0, 0.25, 0.5, 1, 2, 4, 8, 16, 32]))
def test_smallest_sufficient_size_is_chosen(memory: int, vcpu: float) -> None:
    size = task_size(memory, vcpu)
    if size is None:
        assert memory > 122_880 or vcpu > 32
        return
    assert size.memory_mib >= memory
    assert size.cpu >= vcpu * 1024
    smaller = task_size(memory - 1, vcpu)
    assert smaller is not None
    assert (smaller.cpu, smaller.memory_mib) <= (size.cpu, size.memory_mib)


@pytest.mark.parametrize(
    ("memory", "vcpu", "size"),
    [
        (640, 0, (256, 1024)),
        (2048, 0, (256, 2048)),
        (2049, 0, (512, 3072)),
        (512, 1, (1024, 2048)),
        (30721, 0, (8192, 32768)),
        (122_881, 0, (32768, 249_856)),
    ],
)
def test_sizes_match_fargate(memory: int, vcpu: float, size: tuple[int, int]) -> None:
    found = task_size(memory, vcpu)
    assert found is not None
    assert (found.cpu, found.memory_mib) == size


@pytest.mark.parametrize("target", [Target.ECS, Target.KUBERNETES])
def test_timeout_output_is_checked_when_it_resolves(cloud: Run, target: Target) -> None:
    """The validated value is passed on, not the raw one."""
    late: list[Any] = []

    def program() -> None:
        spec, _ = resolve("scan", {**BASE, "timeout_seconds": pulumi.Output.from_input(40_000)})  # type: ignore[typeddict-item]
        late.append(
            (spec.timeout_seconds, check_outputs(spec, [load_checks(target).value_checks(spec)]).timeout_seconds)
        )

    cloud(program)
    raw, checked = late[0]
    assert checked is not raw

"""The blocks `ecs` and `kubernetes` of a definition change the lanes of their target only."""

from typing import Any

import pulumi
import pytest

from intermodal import DefinitionError
from intermodal.targets.kubernetes.pod import merge_patch
from tests.conftest import Cloud, Run
from tests.unit.targets.test_process_and_batches import find_pod, render

SERVICE = ("aws:ecs/service:Service", "scan-main-service")
SPOT: Any = [
    {"capacity_provider": "FARGATE", "base": 1},
    {"capacity_provider": "FARGATE_SPOT", "weight": 4},
]


def test_service_has_the_strategies(cloud: Run) -> None:
    service = render(cloud, "ecs", ecs={"capacity_provider_strategies": SPOT}).inputs(*SERVICE)
    assert service["capacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 4},
    ]


def test_service_keeps_the_minimum_of_tasks(cloud: Run) -> None:
    made = render(cloud, "ecs", ecs={"minimum_tasks": 2})
    assert made.inputs("aws:appautoscaling/target:Target", "scan-main-scaling")["minCapacity"] == 2


def test_paused_lane_keeps_no_task(cloud: Run) -> None:
    lanes: Any = [{"name": "main", "target": "ecs", "paused": True}]
    made = render(cloud, None, ecs={"minimum_tasks": 2}, lanes=lanes)
    assert made.inputs("aws:appautoscaling/target:Target", "scan-main-scaling")["minCapacity"] == 0


def test_long_runs_on_spot_are_warned_about(cloud: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", lambda text, _resource: warnings.append(text))
    render(cloud, "ecs", ecs={"capacity_provider_strategies": SPOT}, timeout_seconds=600)
    assert ["runs of up to 600 s on FARGATE_SPOT" in text for text in warnings] == [True]


def test_pod_has_the_options(cloud: Run) -> None:
    options: Any = {
        "memory_request_mib": 256,
        "vcpu_request": 0.25,
        "priority_class": "low",
        "node_selector": {"disk": "ssd"},
        "tolerations": [{"key": "gpu", "operator": "Exists", "effect": "NoSchedule"}, {"key": "team", "value": "a"}],
        "annotations": {"team": "a"},
    }
    made = render(cloud, "kubernetes", kubernetes=options)
    pod, app = find_pod(made), find_pod(made)["initContainers"][1]
    assert app["resources"] == {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}}
    assert pod["priorityClassName"] == "low"
    assert pod["nodeSelector"] == {"kubernetes.io/arch": "amd64", "disk": "ssd"}
    assert pod["tolerations"][1:] == options["tolerations"]
    jobs = made.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")
    annotations = jobs["spec"]["jobTargetRef"]["template"]["metadata"]["annotations"]
    assert (annotations["team"], annotations["karpenter.sh/do-not-disrupt"]) == ("a", "true")


def test_patch_changes_the_pod(cloud: Run) -> None:
    patch: Any = {
        "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}],
        "initContainers": [{"name": "app", "env": [{"name": "EXTRA", "value": "1"}]}],
        "enableServiceLinks": None,
    }
    pod = find_pod(render(cloud, "kubernetes", kubernetes={"pod_patch": patch}))
    assert pod["hostAliases"] == [{"ip": "10.0.0.1", "hostnames": ["db"]}]
    assert "enableServiceLinks" not in pod
    assert [container["name"] for container in pod["initContainers"]] == ["adapter", "app"]


@pytest.mark.parametrize(
    ("value", "patch", "expected"),
    [
        ({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 4}}, {"a": 1, "b": {"c": 4, "d": 3}}),
        ({"a": 1, "b": 2}, {"a": None}, {"b": 2}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        (
            {"v": [{"name": "x", "size": 1}, {"name": "y"}]},
            {"v": [{"name": "x", "size": 2}, {"name": "z"}]},
            {"v": [{"name": "x", "size": 2}, {"name": "y"}, {"name": "z"}]},
        ),
        ({"a": 1}, {}, {"a": 1}),
    ],
)
def test_patch_merges_blocks_and_named_items(value: Any, patch: Any, expected: Any) -> None:
    assert merge_patch(value, patch) == expected


def test_options_of_another_target_change_nothing(cloud: Run) -> None:
    def inputs(made: Cloud) -> dict[str, Any]:
        return {key: args.inputs for key, args in made.resources.items()}

    options: Any = {"ecs": {"minimum_tasks": 2}, "kubernetes": {"annotations": {"team": "a"}}}
    assert inputs(render(cloud, "lambda", **options)) == inputs(render(cloud, "lambda"))


@pytest.mark.parametrize(
    ("target", "options", "sentence"),
    [
        (
            "ecs",
            {"ecs": {"minimum_tasks": 11}},
            "ecs.minimum_tasks must be at most maximum_concurrency (10), got 11; lower it, or raise "
            "maximum_concurrency.",
        ),
        (
            "ecs",
            {"ecs": {"capacity_provider_strategies": [{"capacity_provider": "FARGATE", "weight": 0}]}},
            "ecs.capacity_provider_strategies must have a weight above 0 in at least one strategy; ECS would start no "
            "task above the base.",
        ),
        (
            "ecs",
            {
                "ecs": {
                    "capacity_provider_strategies": [
                        {"capacity_provider": "FARGATE", "base": 1},
                        {"capacity_provider": "FARGATE_SPOT", "base": 1},
                    ]
                }
            },
            "ecs.capacity_provider_strategies must have a base in one strategy only; remove the others.",
        ),
        (
            "kubernetes",
            {"kubernetes": {"memory_request_mib": 1024}},
            "kubernetes.memory_request_mib must be at most memory_mib (512), which is the limit, got 1024; lower it.",
        ),
        (
            "kubernetes",
            {"kubernetes": {"tolerations": [{"value": "a"}]}},
            "kubernetes.tolerations[0] must have a key, or operator Exists for every taint.",
        ),
        (
            "kubernetes",
            {"kubernetes": {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}},
            "kubernetes.tolerations[0].value has no effect with operator Exists; remove it.",
        ),
        (
            "kubernetes",
            {"kubernetes": {"tolerations": [{"key": "a", "effect": "NoScedule"}]}},
            "kubernetes.tolerations[0].effect must be one of NoSchedule, PreferNoSchedule, NoExecute, got "
            '"NoScedule"; did you mean "NoSchedule"?',
        ),
        (
            "kubernetes",
            {"kubernetes": {"nodeSelector": {}}},
            "kubernetes.nodeSelector is not an argument; use one of memory_request_mib, vcpu_request, "
            "priority_class, node_selector, tolerations, annotations, pod_patch; did you mean "
            '"node_selector"?',
        ),
    ],
)
def test_invalid_options_are_refused(cloud: Run, target: str, options: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        render(cloud, target, **options)
    assert str(refused.value) == f'ContainerFunction "scan": {sentence}'

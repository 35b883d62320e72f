"""The Lambda target registers the right resources for a lane, and checks its limits and environment."""

from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, DefinitionError, Target
from intermodal.limits import limits_of
from tests.conftest import IMAGE, REGION, Cloud, Run

FUNCTION = ("aws:lambda/function:Function", "scan-main-function")
MAPPING = ("aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping")
LIMITS = limits_of(Target.LAMBDA)


def function(cloud: Run, **args: Any) -> Cloud:
    """Register a function with a lane on Lambda."""
    opts = args.pop("opts", None)
    definition: Any = {"image": {"uri": IMAGE}, "target": "lambda", **args}
    return cloud(lambda: ContainerFunction("scan", definition, opts))


def test_a_lane_is_a_function_and_a_mapping_with_its_inbox(cloud: Run) -> None:
    children: list[tuple[str, str, str]] = []

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        children.append((args.type_, args.name, type(args.opts.parent).__name__))

    function(cloud, opts=pulumi.ResourceOptions(transformations=[record]))
    assert sorted(child for child in children if child[2] in {"Lane", "Inbox"}) == [
        ("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-dead-letters-alarm", "Inbox"),
        ("aws:iam/rolePolicy:RolePolicy", "scan-main-consume", "Lane"),
        (*MAPPING, "Lane"),
        (*FUNCTION, "Lane"),
        ("aws:sqs/queue:Queue", "scan-main-dead-letters", "Inbox"),
        ("aws:sqs/queue:Queue", "scan-main-inbox", "Inbox"),
        ("aws:sqs/queuePolicy:QueuePolicy", "scan-main-inbox-policy", "Inbox"),
        ("intermodal:index:Inbox", "scan-main", "Lane"),
    ]


def test_lambda_runs_the_image_with_partial_batch_responses(cloud: Run) -> None:
    made = function(cloud, environment={"LEVEL": "info"}, maximum_concurrency=7)
    mapping = made.inputs(*MAPPING)
    assert made.inputs(*FUNCTION) == {
        "name": "proj-dev-scan-main",
        "packageType": "Image",
        "imageUri": IMAGE,
        "role": "arn:scan-role",
        "architectures": ["x86_64"],
        "memorySize": 512,
        "timeout": 60,
        "environment": {"variables": {"LEVEL": "info"}},
        "loggingConfig": {"logFormat": "JSON", "logGroup": "scan-logs"},
        "tags": {},
    }
    assert mapping["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["scalingConfig"] == {"maximumConcurrency": 7}
    assert mapping["enabled"] is True


def test_zero_concurrency_pauses_the_lane(cloud: Run) -> None:
    made = function(cloud, maximum_concurrency=0)
    mapping = made.inputs(*MAPPING)
    assert mapping["enabled"] is False
    assert mapping.get("scalingConfig") is None


def test_default_maximum_concurrency_is_fifty(cloud: Run) -> None:
    made = function(cloud)
    mapping = made.inputs(*MAPPING)
    assert mapping["scalingConfig"] == {"maximumConcurrency": 50}


def test_a_mapping_reads_its_inbox_ten_messages_at_a_time(cloud: Run) -> None:
    assert function(cloud).inputs(*MAPPING) == {
        "batchSize": 10,
        "enabled": True,
        "eventSourceArn": "arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox",
        "functionName": "arn:scan-main-function",
        "functionResponseTypes": ["ReportBatchItemFailures"],
        "scalingConfig": {"maximumConcurrency": 50},
        "tags": {},
    }


def test_a_paused_lane_keeps_its_mapping_disabled(cloud: Run) -> None:
    lanes = [{"name": "main", "target": "lambda", "paused": True}]
    definition: Any = {"image": {"uri": IMAGE}, "lanes": lanes}
    mapping = cloud(lambda: ContainerFunction("scan", definition)).inputs(*MAPPING)
    assert (mapping["enabled"], mapping["scalingConfig"]) == (False, {"maximumConcurrency": 50})


@pytest.mark.parametrize(
    ("argument", "limit"),
    [
        ("timeout_seconds", LIMITS.timeout_seconds),
        ("memory_mib", LIMITS.memory_mib),
        ("maximum_concurrency", LIMITS.maximum_concurrency),
    ],
)
def test_values_up_to_the_limits_are_accepted(cloud: Run, argument: str, limit: range) -> None:
    for value in (limit[0], limit[-1]):
        function(cloud, **{argument: value})
    with pytest.raises(DefinitionError, match=f"{argument} must be .*got {limit.stop}"):
        function(cloud, **{argument: limit.stop})


def test_an_environment_of_exactly_4096_bytes_is_accepted(cloud: Run) -> None:
    value = "x" * (4096 - len('{"LEVEL":""}'))
    assert function(cloud, environment={"LEVEL": value}).inputs(*FUNCTION)["environment"] == {
        "variables": {"LEVEL": value}
    }
    with pytest.raises(DefinitionError, match="environment must be at most 4096 bytes as JSON"):
        function(cloud, environment={"LEVEL": value + "x"})


def test_image_in_another_region_is_rejected(cloud: Run) -> None:
    with pytest.raises(ValueError, match=f"image must be in ECR in the function's Region {REGION}"):
        function(cloud, image={"uri": IMAGE.replace(REGION, "us-east-1")})

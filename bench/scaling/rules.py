"""Read alarms and step scaling policies from the resources that the library registers."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from intermodal import ContainerFunction, Platform
from intermodal.testing import ACCOUNT, REGION, Mocks

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scan@sha256:{'0' * 64}"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """Alarm with the step scaling policy that it triggers."""

    metrics: Mapping[str, str]
    """SQS metric names by query ID."""
    expression: str
    comparison: str
    threshold: float
    periods: int
    period_minutes: int = 1
    missing: str
    adjustment: str
    cooldown_seconds: float
    steps: Sequence[Mapping[str, Any]]
    """StepAdjustment objects of Application Auto Scaling."""


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """Scaling rules for a service."""

    alarms: Sequence[Alarm]
    fewest: int
    most: int
    kept_active: bool
    """Whether a schedule calls the queue before it becomes inactive after six hours."""


def ours(most: int = 10) -> Scaling:
    """Return the scaling rules that the library creates for an ECS lane."""
    cloud = Mocks()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        pulumi.runtime.set_mocks(cloud)
        pulumi.runtime.test(lambda: program(most))()  # type: ignore[no-untyped-call]
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return read(cloud)


def read(cloud: Mocks) -> Scaling:
    """Return the scaling rules in the resources that `program` registers."""
    of: dict[str, list[Mapping[str, Any]]] = {args.typ: [] for args in cloud.resources.values()}
    for args in cloud.resources.values():
        of[args.typ].append(dict(args.inputs))
    policies = {each["name"]: each for each in of["aws:appautoscaling/policy:Policy"]}
    alarms = [
        each for each in of["aws:cloudwatch/metricAlarm:MetricAlarm"] if "scalingPolicy" in str(each["alarmActions"])
    ]
    target = of["aws:appautoscaling/target:Target"][0]
    return Scaling(
        alarms=[_alarm(alarm, policies) for alarm in alarms],
        fewest=int(target["minCapacity"]),
        most=int(target["maxCapacity"]),
        kept_active=any(
            "aws-sdk:sqs" in each["target"]["arn"] for each in of.get("aws:scheduler/schedule:Schedule", ())
        ),
    )


def cdk(fewest: int = 1) -> Scaling:
    """Return the defaults of aws_ecs_patterns.QueueProcessingFargateService (AWS CDK 2.275), with `minScalingCapacity`.

    The metric is the maximum number of visible messages in five minutes. At 0 messages, one task is removed; at 100,
    one is added; at 500, five are added. The maximum is ten tasks, as in the library's rules, instead of two.
    """
    visible = {"visible": "ApproximateNumberOfMessagesVisible"}
    common: dict[str, Any] = {
        "metrics": visible,
        "expression": "visible",
        "periods": 1,
        "period_minutes": 5,
        "missing": "missing",
        "adjustment": "ChangeInCapacity",
        "cooldown_seconds": 0,
    }
    upper = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 400, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 400, "ScalingAdjustment": 5},
    ]
    lower = [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}]
    more = Alarm(comparison="GreaterThanOrEqualToThreshold", threshold=100, steps=upper, **common)
    fewer = Alarm(comparison="LessThanOrEqualToThreshold", threshold=0, steps=lower, **common)
    return Scaling(alarms=[more, fewer], fewest=fewest, most=10, kept_active=False)


def program(most: int) -> None:
    """Register a platform and a function with the ecs target."""
    platform: Any = {
        "network": {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}},
        "ecs": {},
        "adapter": {"uri": IMAGE},
    }
    shared = {"platform": Platform("shared", platform).handle, "vpc": True}
    definition: Any = {"image": IMAGE, "target": "ecs", "maximum_concurrency": most, **shared}
    ContainerFunction("scan", definition)


def _alarm(inputs: Mapping[str, Any], policies: Mapping[str, Any]) -> Alarm:
    policy = next(each for name, each in policies.items() if str(inputs["alarmActions"][0]).endswith(f"/{name}"))
    configuration = policy["stepScalingPolicyConfiguration"]
    steps = [
        {_capitalize(key): int(value) if key == "scalingAdjustment" else float(value) for key, value in step.items()}
        for step in configuration["stepAdjustments"]
    ]
    queries = inputs.get("metricQueries")
    if queries:
        metrics = {each["id"]: each["metric"]["metricName"] for each in queries if "metric" in each}
        expression = next(each["expression"] for each in queries if "expression" in each)
    else:
        metrics, expression = {"only": inputs["metricName"]}, "only"
    return Alarm(
        metrics=metrics,
        expression=expression,
        comparison=inputs["comparisonOperator"],
        threshold=float(inputs["threshold"]),
        periods=int(inputs["evaluationPeriods"]),
        missing=inputs["treatMissingData"],
        adjustment=configuration["adjustmentType"],
        cooldown_seconds=float(configuration["cooldown"]),
        steps=steps,
    )


def _capitalize(name: str) -> str:
    return name[:1].upper() + name[1:]

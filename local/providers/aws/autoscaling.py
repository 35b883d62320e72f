"""aws:appautoscaling: targets and their policies."""

from typing import Any

from local.providers import wire
from local.providers.table import Call, Field, Row, Tagging, fields
from local.providers.values import Props

KEYS = fields(serviceNamespace="ServiceNamespace", resourceId="ResourceId", scalableDimension="ScalableDimension")

TARGET = {
    **KEYS,
    **fields(
        minCapacity="MinCapacity",
        maxCapacity="MaxCapacity",
        roleArn=Field(wire="RoleARN", computed=True),
        suspendedState=Field(
            wire="SuspendedState",
            computed=True,
            block=fields(
                dynamicScalingInSuspended="DynamicScalingInSuspended",
                dynamicScalingOutSuspended="DynamicScalingOutSuspended",
                scheduledScalingSuspended="ScheduledScalingSuspended",
            ),
        ),
    ),
}

DIMENSIONS = Field(wire="Dimensions", many=True, block=fields(name="Name", value="Value"))
METRIC = fields(metricName="MetricName", namespace="Namespace", dimensions=DIMENSIONS)
STAT = fields(metric=Field(wire="Metric", block=METRIC), stat="Stat", unit="Unit")
QUERY = fields(
    id="Id",
    expression="Expression",
    label="Label",
    returnData="ReturnData",
    metricStat=Field(wire="MetricStat", block=STAT),
)
STEP = fields(
    scalingAdjustment="ScalingAdjustment",
    metricIntervalLowerBound=Field(),
    metricIntervalUpperBound=Field(),
)
STEPS = fields(
    adjustmentType="AdjustmentType",
    cooldown="Cooldown",
    metricAggregationType="MetricAggregationType",
    minAdjustmentMagnitude="MinAdjustmentMagnitude",
)
TRACKING = fields(
    targetValue="TargetValue",
    disableScaleIn="DisableScaleIn",
    scaleInCooldown="ScaleInCooldown",
    scaleOutCooldown="ScaleOutCooldown",
    customizedMetricSpecification=Field(
        wire="CustomizedMetricSpecification",
        block=fields(
            metricName="MetricName",
            namespace="Namespace",
            statistic="Statistic",
            unit="Unit",
            metrics=Field(wire="Metrics", many=True, block=QUERY),
        ),
    ),
)
POLICY = {
    **KEYS,
    **fields(
        name="PolicyName",
        policyType="PolicyType",
        stepScalingPolicyConfiguration=Field(),
        targetTrackingScalingPolicyConfiguration=Field(wire="TargetTrackingScalingPolicyConfiguration", block=TRACKING),
    ),
}
BOUNDS = {
    "metricIntervalLowerBound": "MetricIntervalLowerBound",
    "metricIntervalUpperBound": "MetricIntervalUpperBound",
}


def register(call: Call, *_: Any) -> str:
    call.client.register_scalable_target(**wire.sent(TARGET, call.props))
    return str(call.props["resourceId"])


def read_target(call: Call) -> Props | None:
    keys = wire.sent(KEYS, call.props)
    found = call.client.describe_scalable_targets(
        ServiceNamespace=keys["ServiceNamespace"],
        ResourceIds=[keys["ResourceId"]],
        ScalableDimension=keys["ScalableDimension"],
    )["ScalableTargets"]
    return {**wire.received(TARGET, found[0]), "arn": found[0].get("ScalableTargetARN")} if found else None


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceARN=arn, Tags=tags)


def put_policy(call: Call, *_: Any) -> str:
    sent = wire.sent(POLICY, call.props)
    if steps := call.props.get("stepScalingPolicyConfiguration"):
        sent["StepScalingPolicyConfiguration"] = {
            **wire.sent(STEPS, steps),
            "StepAdjustments": [_sent_step(step) for step in steps.get("stepAdjustments", [])],
        }
    call.client.put_scaling_policy(**sent)
    return str(call.props["name"])


def _sent_step(step: Props) -> Props:
    """Bounds are texts in the provider, so that none and 0 differ, and numbers in the API."""
    bounds = {wired: float(step[name]) for name, wired in BOUNDS.items() if step.get(name) not in (None, "")}
    return {**wire.sent(STEP, step), **bounds}


def read_policy(call: Call) -> Props | None:
    keys = wire.sent(KEYS, call.props)
    found = call.client.describe_scaling_policies(PolicyNames=[call.id], **keys)["ScalingPolicies"]
    if not found:
        return None
    live = {
        **wire.received(POLICY, found[0]),
        "arn": found[0]["PolicyARN"],
        "alarmArns": [alarm["AlarmARN"] for alarm in found[0].get("Alarms", [])],
    }
    if steps := found[0].get("StepScalingPolicyConfiguration"):
        adjustments = [_received_step(step) for step in steps.get("StepAdjustments", [])]
        live["stepScalingPolicyConfiguration"] = {**wire.received(STEPS, steps), "stepAdjustments": adjustments}
    return live


def _received_step(step: Props) -> Props:
    bounds = {name: f"{step[wired]:g}" for name, wired in BOUNDS.items() if step.get(wired) is not None}
    return {**wire.received(STEP, step), **bounds}


def of_import_id(identity: str) -> Props:
    """`ecs/service/CLUSTER/NAME/ecs:service:DesiredCount`, and a policy's name behind it."""
    parts = identity.split("/")
    dimension = next((at for at, part in enumerate(parts) if ":" in part), None)
    if dimension is None:
        return {}
    keys = {"serviceNamespace": parts[0], "resourceId": "/".join(parts[1:dimension])}
    return {
        **keys,
        "scalableDimension": parts[dimension],
        **({"name": parts[-1]} if parts[-1] != parts[dimension] else {}),
    }


ROWS = {
    "aws:appautoscaling/target:Target": Row(
        service="application-autoscaling",
        inputs=TARGET,
        create=register,
        read=read_target,
        update=register,
        delete=lambda call: call.client.deregister_scalable_target(**wire.sent(KEYS, call.props)),
        identify=of_import_id,
        tagging=Tagging(
            read=lambda call: call.client.list_tags_for_resource(ResourceARN=call.live["arn"]).get("Tags", {}),
            write=write_tags,
        ),
        gone=frozenset({"ObjectNotFoundException"}),
    ),
    "aws:appautoscaling/policy:Policy": Row(
        service="application-autoscaling",
        inputs=POLICY,
        create=put_policy,
        read=read_policy,
        update=put_policy,
        delete=lambda call: call.client.delete_scaling_policy(PolicyName=call.id, **wire.sent(KEYS, call.props)),
        identify=of_import_id,
        gone=frozenset({"ObjectNotFoundException"}),
    ),
}

"""Implement aws:appautoscaling scalable targets and scaling policies."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"ObjectNotFoundException", "ResourceNotFoundException"})
SCOPE = fields(resourceId="ResourceId", scalableDimension="ScalableDimension", serviceNamespace="ServiceNamespace")
TARGET = {
    **SCOPE,
    **fields(
        minCapacity="MinCapacity",
        maxCapacity="MaxCapacity",
        roleArn=Field(wire="RoleARN", computed=True),
        suspendedState=Field(
            wire="SuspendedState",
            block=fields(
                dynamicScalingInSuspended="DynamicScalingInSuspended",
                dynamicScalingOutSuspended="DynamicScalingOutSuspended",
                scheduledScalingSuspended="ScheduledScalingSuspended",
            ),
            computed=True,
        ),
    ),
}


def register(call: Call, *_: Any) -> str:
    call.client.register_scalable_target(**wire.to_api(TARGET, call.props))
    return str(call.props["resourceId"])


def read_target(call: Call) -> Props | None:
    found = call.client.describe_scalable_targets(
        ServiceNamespace=call.props["serviceNamespace"],
        ResourceIds=[call.props["resourceId"]],
        ScalableDimension=call.props["scalableDimension"],
    )["ScalableTargets"]
    if not found:
        return None
    call.id = found[0]["ResourceId"]  # an import ID contains all three parts
    return {**wire.from_api(TARGET, found[0]), "arn": found[0]["ScalableTargetARN"]}


def parse_target(identity: str) -> Props:
    """Parse the import ID NAMESPACE/RESOURCE/DIMENSION, where RESOURCE may contain slashes."""
    namespace, _, rest = identity.partition("/")
    resource, _, dimension = rest.rpartition("/")
    return {"serviceNamespace": namespace, "resourceId": resource, "scalableDimension": dimension}


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceARN=arn, Tags=tags)


BOUNDS = {
    "metricIntervalLowerBound": "MetricIntervalLowerBound",
    "metricIntervalUpperBound": "MetricIntervalUpperBound",
}
DIMENSIONS = Field(wire="Dimensions", many=True, block=fields(name="Name", value="Value"))
METRIC = fields(metricName="MetricName", namespace="Namespace", dimensions=DIMENSIONS)
QUERY = fields(
    id="Id",
    expression="Expression",
    label="Label",
    returnData=Field(wire="ReturnData", computed=True),
    metricStat=Field(
        wire="MetricStat", block=fields(metric=Field(wire="Metric", block=METRIC), stat="Stat", unit="Unit")
    ),
)
TRACKING = fields(
    targetValue="TargetValue",
    disableScaleIn=Field(wire="DisableScaleIn", computed=True),
    scaleInCooldown="ScaleInCooldown",
    scaleOutCooldown="ScaleOutCooldown",
    predefinedMetricSpecification=Field(
        wire="PredefinedMetricSpecification",
        block=fields(predefinedMetricType="PredefinedMetricType", resourceLabel="ResourceLabel"),
    ),
    customizedMetricSpecification=Field(
        wire="CustomizedMetricSpecification",
        block={
            **METRIC,
            **fields(statistic="Statistic", unit="Unit", metrics=Field(wire="Metrics", many=True, block=QUERY)),
        },
    ),
)
STEPS = fields(
    adjustmentType="AdjustmentType",
    cooldown="Cooldown",
    metricAggregationType="MetricAggregationType",
    minAdjustmentMagnitude="MinAdjustmentMagnitude",
    stepAdjustments=Field(
        many=True,
        block=fields(scalingAdjustment="ScalingAdjustment", **{name: Field() for name in BOUNDS}),
    ),
)
POLICY = {
    **SCOPE,
    **fields(
        name="PolicyName",
        policyType="PolicyType",
        stepScalingPolicyConfiguration=Field(wire="StepScalingPolicyConfiguration", block=STEPS),
        targetTrackingScalingPolicyConfiguration=Field(wire="TargetTrackingScalingPolicyConfiguration", block=TRACKING),
    ),
}
STEP_CONFIGURATION = "StepScalingPolicyConfiguration"


def put(call: Call, *_: Any) -> str:
    sent = wire.to_api(POLICY, call.props)
    if STEP_CONFIGURATION in sent:
        steps = call.props["stepScalingPolicyConfiguration"].get("stepAdjustments", [])
        sent[STEP_CONFIGURATION]["StepAdjustments"] = [
            {"ScalingAdjustment": step.get("scalingAdjustment", 0)}
            | {there: float(step[name]) for name, there in BOUNDS.items() if step.get(name) not in {None, ""}}
            for step in steps
        ]
    call.client.put_scaling_policy(**sent)
    return str(call.props["name"])


def read_policy(call: Call) -> Props | None:
    name = call.props["name"]
    found = call.client.describe_scaling_policies(
        PolicyNames=[name], **wire.to_api(SCOPE, {name: call.props[name] for name in SCOPE})
    )["ScalingPolicies"]
    if not found:
        return None
    call.id, live = name, wire.from_api(POLICY, found[0])
    if STEP_CONFIGURATION in found[0]:
        live["stepScalingPolicyConfiguration"]["stepAdjustments"] = [
            {"scalingAdjustment": step["ScalingAdjustment"]}
            | {name: f"{step[there]:g}" for name, there in BOUNDS.items() if there in step}
            for step in found[0][STEP_CONFIGURATION].get("StepAdjustments", [])
        ]
    alarms = [alarm["AlarmARN"] for alarm in found[0].get("Alarms", [])]
    return {**live, "arn": found[0]["PolicyARN"], "alarmArns": alarms}


def parse_policy(identity: str) -> Props:
    """Parse the import ID NAMESPACE/RESOURCE/DIMENSION/NAME."""
    rest, _, name = identity.rpartition("/")
    return {**parse_target(rest), "name": name}


def rules(inputs: Props) -> list[tuple[str, str]]:
    needed = {
        "StepScaling": "stepScalingPolicyConfiguration",
        "TargetTrackingScaling": "targetTrackingScalingPolicyConfiguration",
    }.get(str(inputs.get("policyType")))
    if needed is None or inputs.get(needed):
        return []
    return [(needed, f"policyType {inputs['policyType']} requires {needed}; set it.")]


ROWS = {
    "aws:appautoscaling/target:Target": Row(
        service="application-autoscaling",
        inputs=TARGET,
        create=register,
        read=read_target,
        update=register,
        delete=lambda call: call.client.deregister_scalable_target(
            **wire.to_api(SCOPE, {name: call.props[name] for name in SCOPE})
        ),
        identify=parse_target,
        tagging=Tagging(
            read=lambda call: dict(call.client.list_tags_for_resource(ResourceARN=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
    ),
    "aws:appautoscaling/policy:Policy": Row(
        service="application-autoscaling",
        inputs=POLICY,
        create=put,
        read=read_policy,
        update=put,
        delete=lambda call: call.client.delete_scaling_policy(
            PolicyName=call.id, **wire.to_api(SCOPE, {name: call.props[name] for name in SCOPE})
        ),
        identify=parse_policy,
        gone=GONE,
        rules=rules,
    ),
}

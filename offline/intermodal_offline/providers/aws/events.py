"""Implement aws:cloudwatch/eventRule and eventTarget: EventBridge rules and targets."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.compare import document
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"ResourceNotFoundException"})
DEFAULT_BUS = "default"

RULE = fields(
    name="Name",
    namePrefix=Field(local=True),
    eventBusName="EventBusName",
    eventPattern=Field(wire="EventPattern", normal=document),
    scheduleExpression="ScheduleExpression",
    description=Field(wire="Description", blank=""),
    roleArn="RoleArn",
    state=Field(wire="State", computed=True),
    forceDestroy=Field(local=True),
)
TARGET = fields(
    rule=Field(),
    eventBusName=Field(),
    forceDestroy=Field(local=True),
    targetId="Id",
    arn="Arn",
    roleArn="RoleArn",
    input="Input",
    inputPath="InputPath",
    inputTransformer=Field(
        wire="InputTransformer", block=fields(inputPaths="InputPathsMap", inputTemplate="InputTemplate")
    ),
    sqsTarget=Field(wire="SqsParameters", block=fields(messageGroupId="MessageGroupId")),
    deadLetterConfig=Field(wire="DeadLetterConfig", block=fields(arn="Arn")),
    retryPolicy=Field(
        wire="RetryPolicy",
        block=fields(maximumEventAgeInSeconds="MaximumEventAgeInSeconds", maximumRetryAttempts="MaximumRetryAttempts"),
    ),
)


def joined(mark: str, *parts: str) -> str:
    """Join the parts of an ID and omit the default bus."""
    bus, *others = parts
    return mark.join(others if bus == DEFAULT_BUS else parts)


def put_rule(call: Call, *_: Any) -> str:
    call.client.put_rule(**wire.to_api(RULE, call.props, {"description"} - call.props.keys()))
    return joined("/", call.props["eventBusName"], call.props["name"])


def rule_key(identity: str) -> Props:
    bus, _, name = identity.rpartition("/")
    return {"eventBusName": bus or DEFAULT_BUS, "name": name}


def the_rule(call: Call) -> dict[str, str]:
    return wire.to_api({name: RULE[name] for name in ("name", "eventBusName")}, rule_key(call.id))


def read_rule(call: Call) -> Props:
    found = call.client.describe_rule(**the_rule(call))
    return {**wire.from_api(RULE, found), "arn": found["Arn"]}


def rules(inputs: Props) -> list[tuple[str, str]]:
    if inputs.get("eventPattern") or inputs.get("scheduleExpression"):
        return []
    return [("eventPattern", "a rule requires eventPattern or scheduleExpression; set at least one.")]


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceARN=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceARN=arn, Tags=pairs.to_pairs(tags))


def of_rule(props: Props) -> dict[str, str]:
    return {"Rule": props["rule"], "EventBusName": props["eventBusName"]}


def put_target(call: Call, *_: Any) -> str:
    answer = call.client.put_targets(**of_rule(call.props), Targets=[wire.to_api(TARGET, call.props)])
    reject_failed(answer)
    return target_id(call.props)


def reject_failed(answer: dict[str, Any]) -> None:
    """Raise an error if the response contains a failed target, because EventBridge returns status 200 for it."""
    for failed in answer.get("FailedEntries", []):
        raise RefusedError(f"target {failed.get('TargetId')}: {failed.get('ErrorCode')}: {failed.get('ErrorMessage')}")


def target_id(props: Props) -> str:
    return joined("-", props["eventBusName"], props["rule"], props["targetId"])


def target_key(identity: str) -> Props:
    *bus, rule, target = identity.split("/")
    return {"eventBusName": "/".join(bus) or DEFAULT_BUS, "rule": rule, "targetId": target}


def read_target(call: Call) -> Props | None:
    key = {name: call.props[name] for name in ("eventBusName", "rule", "targetId")}
    for page in call.client.get_paginator("list_targets_by_rule").paginate(**of_rule(key)):
        for found in page["Targets"]:
            if found["Id"] == key["targetId"]:
                call.id = target_id(key)  # an import ID has a different format
                return {**wire.from_api(TARGET, found), **key}
    return None


ROWS = {
    "aws:cloudwatch/eventRule:EventRule": Row(
        service="events",
        inputs=RULE,
        create=put_rule,
        read=read_rule,
        update=put_rule,
        delete=lambda call: call.client.delete_rule(**the_rule(call), Force=bool(call.props.get("forceDestroy"))),
        identify=rule_key,
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_tags_for_resource(ResourceARN=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
        rules=rules,
    ),
    "aws:cloudwatch/eventTarget:EventTarget": Row(
        service="events",
        inputs=TARGET,
        create=put_target,
        read=read_target,
        update=put_target,
        delete=lambda call: reject_failed(
            call.client.remove_targets(
                **of_rule(call.props), Ids=[call.props["targetId"]], Force=bool(call.props.get("forceDestroy"))
            )
        ),
        identify=target_key,
        gone=GONE,
    ),
}

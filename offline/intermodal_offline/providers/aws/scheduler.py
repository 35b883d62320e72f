"""Implement aws:scheduler schedules and schedule groups."""

import datetime as dt

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"ResourceNotFoundException"})
DEFAULT = "default"


# EventBridge Scheduler returns default values for any part of the retry policy that is not set.
RETRIES = fields(
    maximumEventAgeInSeconds=Field(wire="MaximumEventAgeInSeconds", computed=True),
    maximumRetryAttempts=Field(wire="MaximumRetryAttempts", computed=True),
)
SCHEDULE = fields(
    name="Name",
    namePrefix=Field(local=True),
    groupName="GroupName",
    scheduleExpression="ScheduleExpression",
    scheduleExpressionTimezone="ScheduleExpressionTimezone",
    flexibleTimeWindow=Field(
        wire="FlexibleTimeWindow", block=fields(mode="Mode", maximumWindowInMinutes="MaximumWindowInMinutes")
    ),
    state="State",
    description="Description",
    startDate="StartDate",
    endDate="EndDate",
    kmsKeyArn="KmsKeyArn",
    target=Field(
        wire="Target",
        block=fields(
            arn="Arn",
            roleArn="RoleArn",
            input="Input",
            retryPolicy=Field(wire="RetryPolicy", block=RETRIES, computed=True),
            deadLetterConfig=Field(wire="DeadLetterConfig", block=fields(arn="Arn")),
            sqsParameters=Field(wire="SqsParameters", block=fields(messageGroupId="MessageGroupId")),
        ),
    ),
)


def create(call: Call) -> str:
    call.client.create_schedule(**wire.to_api(SCHEDULE, call.props))
    return f"{call.props.get('groupName') or DEFAULT}/{call.props['name']}"


def key(identity: str) -> Props:
    group, _, name = identity.partition("/")
    return {"GroupName": group, "Name": name}


def read(call: Call) -> Props:
    found = call.client.get_schedule(**key(call.id))
    dates = {
        name: found[SCHEDULE[name].wire].astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name in ("startDate", "endDate")
        if found.get(SCHEDULE[name].wire)
    }
    return {**wire.from_api(SCHEDULE, found), **dates, "arn": found["Arn"]}


GROUP = fields(name="Name", namePrefix=Field(local=True))


def create_group(call: Call) -> str:
    call.client.create_schedule_group(**wire.to_api(GROUP, call.props))
    return str(call.props["name"])


def read_group(call: Call) -> Props | None:
    found = call.client.get_schedule_group(Name=call.id)
    if found["State"] == "DELETING":
        return None
    return {
        **wire.from_api(GROUP, found), "arn": found["Arn"], "state": found["State"],
        "creationDate": found["CreationDate"].isoformat(),
        "lastModificationDate": found["LastModificationDate"].isoformat(),
    }  # fmt: skip


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceArn=arn, Tags=pairs.to_pairs(tags))


ROWS = {
    "aws:scheduler/schedule:Schedule": Row(
        service="scheduler",
        inputs=SCHEDULE,
        create=create,
        read=read,
        # An update resets every parameter that is not sent.
        update=lambda call, changed: call.client.update_schedule(**wire.to_api(SCHEDULE, call.props)),  # noqa: ARG005
        delete=lambda call: call.client.delete_schedule(**key(call.id)),
        gone=GONE,
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": Row(
        service="scheduler",
        inputs=GROUP,
        create=create_group,
        read=read_group,
        delete=lambda call: call.client.delete_schedule_group(Name=call.id),
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_tags_for_resource(ResourceArn=call.live["arn"])["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
    ),
}

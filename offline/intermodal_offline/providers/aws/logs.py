"""Implement aws:cloudwatch/logGroup."""

from intermodal_offline.providers import wire
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GROUP = fields(
    name="logGroupName",
    namePrefix=Field(local=True),
    logGroupClass="logGroupClass",
    kmsKeyId="kmsKeyId",
    retentionInDays="retentionInDays",
    skipDestroy=Field(local=True),
)


def create(call: Call) -> str:
    call.client.create_log_group(**wire.to_api({n: f for n, f in GROUP.items() if n != "retentionInDays"}, call.props))
    return str(call.props["name"])


def settle(call: Call) -> None:
    if call.props.get("retentionInDays"):
        update(call, frozenset({"retentionInDays"}))


def read(call: Call) -> Props | None:
    for page in call.client.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=call.id):
        for found in page["logGroups"]:
            if found["logGroupName"] == call.id:
                return {**wire.from_api(GROUP, found), "arn": found["arn"].removesuffix(":*")}
    return None


def update(call: Call, changed: frozenset[str]) -> None:
    days, key = call.props.get("retentionInDays"), call.props.get("kmsKeyId")
    if "retentionInDays" in changed:
        if days:
            call.client.put_retention_policy(logGroupName=call.id, retentionInDays=days)
        else:
            call.client.delete_retention_policy(logGroupName=call.id)
    if "kmsKeyId" in changed:
        if key:
            call.client.associate_kms_key(logGroupName=call.id, kmsKeyId=key)
        else:
            call.client.disassociate_kms_key(logGroupName=call.id)


def delete(call: Call) -> None:
    if not call.props.get("skipDestroy"):
        call.client.delete_log_group(logGroupName=call.id)


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(resourceArn=arn, tagKeys=removed)
    if tags:
        call.client.tag_resource(resourceArn=arn, tags=tags)


ROWS = {
    "aws:cloudwatch/logGroup:LogGroup": Row(
        service="logs",
        inputs=GROUP,
        create=create,
        settle=settle,
        read=read,
        update=update,
        delete=delete,
        tagging=Tagging(
            read=lambda call: call.client.list_tags_for_resource(resourceArn=call.live["arn"]).get("tags", {}),
            write=write_tags,
        ),
        gone=frozenset({"ResourceNotFoundException"}),
    ),
}

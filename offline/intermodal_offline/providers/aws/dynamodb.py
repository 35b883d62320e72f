"""Implement aws:dynamodb/table."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import UNKNOWN, Props

SECONDS = 300.0

TABLE = fields(
    name="TableName",
    billingMode="BillingMode",
    hashKey=Field(),
    rangeKey=Field(),
    attributes=Field(wire="AttributeDefinitions", many=True, block=fields(name="AttributeName", type="AttributeType")),
    readCapacity=Field(),
    writeCapacity=Field(),
    deletionProtectionEnabled="DeletionProtectionEnabled",
    serverSideEncryption=Field(block=fields(enabled=Field(), kmsKeyArn=Field(computed=True))),
    pointInTimeRecovery=Field(block=fields(enabled=Field())),
)
KEYS = {"hashKey": "HASH", "rangeKey": "RANGE"}


def create(call: Call) -> str:
    keys = [{"AttributeName": name, "KeyType": kind} for prop, kind in KEYS.items() if (name := call.props.get(prop))]
    more: Props = {"KeySchema": keys, **capacity(call.props)}
    if call.props.get("serverSideEncryption"):
        more["SSESpecification"] = encryption(call.props)
    call.client.create_table(**wire.to_api(TABLE, call.props), **more)
    return str(call.props["name"])


def capacity(props: Props) -> Props:
    if props["billingMode"] != "PROVISIONED":
        return {}
    units = {"ReadCapacityUnits": props.get("readCapacity"), "WriteCapacityUnits": props.get("writeCapacity")}
    return {"ProvisionedThroughput": units}


def encryption(props: Props) -> Props:
    """Return a table's encryption settings; without them, AWS uses an AWS owned key."""
    given = props.get("serverSideEncryption") or {}
    if not given.get("enabled"):
        return {"Enabled": False}
    return {"Enabled": True, "SSEType": "KMS", **({"KMSMasterKeyId": key} if (key := given.get("kmsKeyArn")) else {})}


def settle(call: Call) -> None:
    wait(call)
    if call.props.get("pointInTimeRecovery", {}).get("enabled"):
        write_recovery(call)


def wait(call: Call) -> None:
    def active() -> bool:
        return bool(call.client.describe_table(TableName=call.id)["Table"]["TableStatus"] == "ACTIVE")

    call.wait(f"table {call.id} to become active", SECONDS, active)


def write_recovery(call: Call) -> None:
    enabled = bool(call.props.get("pointInTimeRecovery", {}).get("enabled"))
    call.client.update_continuous_backups(
        TableName=call.id, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled}
    )


def read(call: Call) -> Props:
    found = call.client.describe_table(TableName=call.id)["Table"]
    backups = call.client.describe_continuous_backups(TableName=call.id)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") == "ENABLED"
    live = wire.from_api(TABLE, found)
    order = {one.get("name"): index for index, one in enumerate(call.props.get("attributes", []))}
    live["attributes"] = sorted(live["attributes"], key=lambda one: order.get(one["name"], len(order)))  # a set
    keys = {one["KeyType"]: one["AttributeName"] for one in found["KeySchema"]}
    units, key = found.get("ProvisionedThroughput", {}), found.get("SSEDescription", {})
    encrypted = key.get("Status") in {"ENABLED", "ENABLING"}
    return {
        **live, **{prop: keys.get(kind) for prop, kind in KEYS.items()},
        "billingMode": found.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "readCapacity": units.get("ReadCapacityUnits"), "writeCapacity": units.get("WriteCapacityUnits"),
        "serverSideEncryption": {"enabled": encrypted, "kmsKeyArn": key.get("KMSMasterKeyArn") if encrypted else None},
        "pointInTimeRecovery": {"enabled": recovery}, "arn": found["TableArn"],
        "streamArn": found.get("LatestStreamArn", ""), "streamLabel": found.get("LatestStreamLabel", ""),
    }  # fmt: skip


def update(call: Call, changed: frozenset[str]) -> None:
    """Change one setting per call, as the API requires."""
    steps: list[Props] = []
    if changed & {"billingMode", "readCapacity", "writeCapacity"}:
        steps.append({"BillingMode": call.props["billingMode"], **capacity(call.props)})
    if "deletionProtectionEnabled" in changed:
        steps.append({"DeletionProtectionEnabled": bool(call.props.get("deletionProtectionEnabled"))})
    if "serverSideEncryption" in changed:
        steps.append({"SSESpecification": encryption(call.props)})
    for step in steps:
        call.client.update_table(TableName=call.id, **step)
        wait(call)
    if "pointInTimeRecovery" in changed:
        write_recovery(call)


def delete(call: Call) -> None:
    call.client.delete_table(TableName=call.id)

    def gone() -> bool:
        return call.id not in call.client.list_tables(ExclusiveStartTableName=call.id[:-1], Limit=1)["TableNames"]

    call.wait(f"table {call.id} to be deleted", SECONDS, gone)


def rules(inputs: Props) -> list[tuple[str, str]]:
    names = {one.get("name") for one in inputs.get("attributes", []) if isinstance(one, dict)}
    keys = {inputs[prop] for prop in KEYS if inputs.get(prop)}
    found = []
    if UNKNOWN not in names | keys and names != keys:
        reason = "attributes must list only keys, because the offline provider does not support indexes; remove others."
        found.append(("attributes", reason))
    if not inputs.get("hashKey"):
        found.append(("hashKey", "hashKey is required; set it."))
    if inputs.get("billingMode") == "PROVISIONED" and not (inputs.get("readCapacity") and inputs.get("writeCapacity")):
        found.append(("readCapacity", "billingMode PROVISIONED requires readCapacity and writeCapacity; set both."))
    return found


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceArn=arn, Tags=pairs.to_pairs(tags))


def read_tags(call: Call) -> dict[str, str]:
    found: list[dict[str, Any]] = call.client.list_tags_of_resource(ResourceArn=call.live["arn"])["Tags"]
    return pairs.to_tags(found)


ROWS = {
    "aws:dynamodb/table:Table": Row(
        service="dynamodb",
        inputs=TABLE,
        create=create,
        settle=settle,
        read=read,
        update=update,
        delete=delete,
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=frozenset({"ResourceNotFoundException"}),
        rules=rules,
    ),
}

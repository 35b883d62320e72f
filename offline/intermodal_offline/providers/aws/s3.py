"""Implement aws:s3 buckets and bucket notifications."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.cloud import dns_suffix
from intermodal_offline.providers.compare import unordered
from intermodal_offline.providers.failures import code
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

# S3's responses to HEAD requests have no body, so the error code is only the status.
GONE = frozenset({"404", "NoSuchBucket"})

BUCKET = fields(
    bucket=Field(), bucketPrefix=Field(local=True), forceDestroy=Field(local=True), objectLockEnabled=Field()
)


def create(call: Call) -> str:
    name, parameters = call.props["bucket"], {}
    if call.region != "us-east-1":  # us-east-1 rejects a location constraint
        parameters["CreateBucketConfiguration"] = {"LocationConstraint": call.region}
    locked = bool(call.props.get("objectLockEnabled"))
    call.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locked, **parameters)
    return str(name)


def read(call: Call) -> Props:
    region = call.client.head_bucket(Bucket=call.id).get("BucketRegion") or call.region
    domain = dns_suffix(region)
    return {
        "bucket": call.id, "objectLockEnabled": locked(call), "arn": f"arn:{call.cloud.partition}:s3:::{call.id}",
        "bucketDomainName": f"{call.id}.s3.{domain}", "bucketRegion": region,
        "bucketRegionalDomainName": f"{call.id}.s3.{region}.{domain}",
    }  # fmt: skip


def locked(call: Call) -> bool:
    found = optional(
        lambda: call.client.get_object_lock_configuration(Bucket=call.id), "ObjectLockConfigurationNotFoundError"
    )
    return bool(found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")


def optional(ask: Any, missing: str) -> Any:
    """Return a call's response, or an empty dict if S3 reports that the configuration does not exist."""
    try:
        return ask()
    except Exception as error:
        if code(error) == missing:
            return {}
        raise


def delete(call: Call) -> None:
    if call.props.get("forceDestroy"):
        for page in call.client.get_paginator("list_object_versions").paginate(Bucket=call.id):
            found = page.get("Versions", []) + page.get("DeleteMarkers", [])
            keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
            if keys:
                call.client.delete_objects(Bucket=call.id, Delete={"Objects": keys, "Quiet": True})
    call.client.delete_bucket(Bucket=call.id)


def write_tags(call: Call, tags: dict[str, str], _: list[str]) -> None:
    if tags:
        call.client.put_bucket_tagging(Bucket=call.id, Tagging={"TagSet": pairs.to_pairs(tags)})
    else:
        call.client.delete_bucket_tagging(Bucket=call.id)


def read_tags(call: Call) -> dict[str, str]:
    found = optional(lambda: call.client.get_bucket_tagging(Bucket=call.id), "NoSuchTagSet")
    return pairs.to_tags(found.get("TagSet", []))


FILTERS = {"filterPrefix": "prefix", "filterSuffix": "suffix"}


def receivers(name: str, arn: str, wire_name: str) -> Field:
    """Return the field for one type of notification target; the API nests its filter, and the property does not."""
    block = fields(
        **{arn: wire_name}, id=Field(wire="Id", computed=True), events=Field(wire="Events", normal=unordered),
        filterPrefix=Field(), filterSuffix=Field(),
    )  # fmt: skip
    return Field(wire=name, block=block, many=True)


NOTIFICATION = fields(
    bucket=Field(),
    eventbridge=Field(),
    queues=receivers("QueueConfigurations", "queueArn", "QueueArn"),
    lambdaFunctions=receivers("LambdaFunctionConfigurations", "lambdaFunctionArn", "LambdaFunctionArn"),
    topics=receivers("TopicConfigurations", "topicArn", "TopicArn"),
)
RECEIVERS = ("queues", "lambdaFunctions", "topics")


def put_notification(call: Call, *_: Any) -> str:
    configuration = wire.to_api(NOTIFICATION, call.props)
    for name in RECEIVERS:
        for given, sent in zip(call.props.get(name, []), configuration.get(NOTIFICATION[name].wire, []), strict=True):
            rules = [{"Name": rule, "Value": given[key]} for key, rule in FILTERS.items() if given.get(key)]
            if rules:
                sent["Filter"] = {"Key": {"FilterRules": rules}}
    if call.props.get("eventbridge"):
        configuration["EventBridgeConfiguration"] = {}
    bucket: str = call.props["bucket"]
    call.client.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=configuration)
    return bucket


def read_notification(call: Call) -> Props | None:
    found = call.client.get_bucket_notification_configuration(Bucket=call.id)
    live = wire.from_api(NOTIFICATION, found)
    for name in RECEIVERS:
        for block, answer in zip(live.get(name, []), found.get(NOTIFICATION[name].wire, []), strict=True):
            rules = answer.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            values = {rule["Name"].lower(): rule["Value"] for rule in rules}
            block |= {key: values[rule] for key, rule in FILTERS.items() if values.get(rule)}
    eventbridge = "EventBridgeConfiguration" in found
    if not live and not eventbridge:
        return None
    return {**live, "bucket": call.id, "eventbridge": eventbridge}


ROWS = {
    "aws:s3/bucket:Bucket": Row(
        service="s3",
        inputs=BUCKET,
        create=create,
        read=read,
        update=lambda call, changed: None,  # noqa: ARG005 - only forceDestroy and tags are updated
        delete=delete,
        tagging=Tagging(read=read_tags, write=write_tags),
        gone=GONE,
    ),
    "aws:s3/bucketNotification:BucketNotification": Row(
        service="s3",
        inputs=NOTIFICATION,
        create=put_notification,
        read=read_notification,
        update=put_notification,
        delete=lambda call: call.client.put_bucket_notification_configuration(
            Bucket=call.id, NotificationConfiguration={}
        ),
        gone=GONE,
    ),
}

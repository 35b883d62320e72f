"""Implement aws:sqs queues and queue policies."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.compare import compact, policy
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import UNKNOWN, Props

GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})


def number(name: str) -> Field:
    return Field(wire=name, text=int)


def flag(name: str) -> Field:
    return Field(wire=name, text=bool)


QUEUE = fields(
    name=Field(),
    namePrefix=Field(local=True),
    fifoQueue=flag("FifoQueue"),
    contentBasedDeduplication=flag("ContentBasedDeduplication"),
    deduplicationScope="DeduplicationScope",
    fifoThroughputLimit="FifoThroughputLimit",
    delaySeconds=number("DelaySeconds"),
    maxMessageSize=number("MaximumMessageSize"),
    messageRetentionSeconds=number("MessageRetentionPeriod"),
    receiveWaitTimeSeconds=number("ReceiveMessageWaitTimeSeconds"),
    visibilityTimeoutSeconds=number("VisibilityTimeout"),
    kmsMasterKeyId=Field(wire="KmsMasterKeyId", blank=""),
    kmsDataKeyReusePeriodSeconds=number("KmsDataKeyReusePeriodSeconds"),
    sqsManagedSseEnabled=flag("SqsManagedSseEnabled"),
    policy=Field(wire="Policy", blank="", normal=policy),
    redrivePolicy=Field(wire="RedrivePolicy", blank="", stored=compact),
    redriveAllowPolicy=Field(wire="RedriveAllowPolicy", blank="", stored=compact),
)
FIFO_ONLY = ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit")


def attributes(call: Call, url: str, *names: str) -> dict[str, str]:
    found: dict[str, str] = call.client.get_queue_attributes(QueueUrl=url, AttributeNames=names).get("Attributes", {})
    return found


def create(call: Call) -> str:
    given = wire.to_api(QUEUE, {name: value for name, value in call.props.items() if value is not False})
    return str(call.client.create_queue(QueueName=call.props["name"], Attributes=given)["QueueUrl"])


def read(call: Call) -> Props:
    found = attributes(call, call.id, "All")
    return {
        **wire.from_api(QUEUE, found), "name": found["QueueArn"].rpartition(":")[2], "arn": found["QueueArn"],
        "url": call.id,
    }  # fmt: skip


def update(call: Call, changed: frozenset[str]) -> None:
    # SQS rejects FIFO attributes on standard queues, even if they are false.
    allowed = {
        n: f for n, f in QUEUE.items() if n != "fifoQueue" and (call.props.get("fifoQueue") or n not in FIFO_ONLY)
    }
    given = {name: value for name, value in call.props.items() if name in changed}
    falsy = {n: "0" if f.text is int else "false" for n, f in allowed.items() if f.text and n in changed - given.keys()}
    cleared = {allowed[name].wire: value for name, value in falsy.items()}
    parameters = {**wire.to_api(allowed, given, changed - given.keys()), **cleared}
    if parameters:
        call.client.set_queue_attributes(QueueUrl=call.id, Attributes=parameters)


def rules(inputs: Props) -> list[tuple[str, str]]:
    fifo, name = inputs.get("fifoQueue"), inputs.get("name")
    found = []
    if fifo is not UNKNOWN and not fifo and inputs.get("contentBasedDeduplication") is True:
        found.append(
            ("contentBasedDeduplication", "contentBasedDeduplication requires fifoQueue; set both or neither.")
        )
    if isinstance(name, str) and name != UNKNOWN and fifo is True and not name.endswith(".fifo"):
        found.append(("name", f"a FIFO queue's name must end in .fifo, got {name!r}; append .fifo."))
    if inputs.get("kmsMasterKeyId") and inputs.get("sqsManagedSseEnabled") is True:
        found.append(
            (
                "kmsMasterKeyId",
                "kmsMasterKeyId and sqsManagedSseEnabled are mutually exclusive; set one of them.",
            )
        )
    return found


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_queue(QueueUrl=call.id, TagKeys=removed)
    if tags:
        call.client.tag_queue(QueueUrl=call.id, Tags=tags)


def put_policy(call: Call, *_: Any) -> str:
    url: str = call.props["queueUrl"]
    call.client.set_queue_attributes(QueueUrl=url, Attributes={"Policy": call.props["policy"]})
    return url


def read_policy(call: Call) -> Props | None:
    text = attributes(call, call.id, "Policy").get("Policy")
    return {"queueUrl": call.id, "policy": text} if text else None


ROWS = {
    "aws:sqs/queue:Queue": Row(
        service="sqs",
        inputs=QUEUE,
        create=create,
        read=read,
        update=update,
        delete=lambda call: call.client.delete_queue(QueueUrl=call.id),
        tagging=Tagging(
            read=lambda call: call.client.list_queue_tags(QueueUrl=call.id).get("Tags", {}), write=write_tags
        ),
        gone=GONE,
        rules=rules,
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Row(
        service="sqs",
        inputs=fields(queueUrl=Field(), policy=Field(normal=policy)),
        create=put_policy,
        read=read_policy,
        update=put_policy,
        delete=lambda call: call.client.set_queue_attributes(QueueUrl=call.id, Attributes={"Policy": ""}),
        gone=GONE,
    ),
}

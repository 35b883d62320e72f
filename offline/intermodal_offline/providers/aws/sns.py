"""Implement aws:sns topics, topic policies, and topic subscriptions."""

import json
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import pairs
from intermodal_offline.providers.compare import document, policy
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import UNKNOWN, Props

GONE = frozenset({"NotFound", "NotFoundException"})

TOPIC = fields(
    name=Field(),
    namePrefix=Field(local=True),
    fifoTopic=Field(wire="FifoTopic", text=bool),
    contentBasedDeduplication=Field(wire="ContentBasedDeduplication", text=bool),
    displayName=Field(wire="DisplayName", blank=""),
    kmsMasterKeyId=Field(wire="KmsMasterKeyId", blank=""),
    policy=Field(wire="Policy", normal=policy),
)


def create_topic(call: Call) -> str:
    # SNS rejects FIFO attributes on standard topics, even if they are false.
    given = {name: value for name, value in call.props.items() if value is not False}
    return str(call.client.create_topic(Name=call.props["name"], Attributes=wire.to_api(TOPIC, given))["TopicArn"])


def read_topic(call: Call) -> Props:
    found = call.client.get_topic_attributes(TopicArn=call.id)["Attributes"]
    return {
        **wire.from_api(TOPIC, found), "name": call.id.rpartition(":")[2], "arn": call.id, "owner": found["Owner"]
    }  # fmt: skip


def update_topic(call: Call, changed: frozenset[str]) -> None:
    given = {name: value for name, value in call.props.items() if name in changed}
    parameters = wire.to_api(TOPIC, given, changed - given.keys())
    if "contentBasedDeduplication" in changed - given.keys():
        parameters["ContentBasedDeduplication"] = "false"
    for name, value in parameters.items():
        call.client.set_topic_attributes(TopicArn=call.id, AttributeName=name, AttributeValue=value)


def topic_rules(inputs: Props) -> list[tuple[str, str]]:
    fifo, name = inputs.get("fifoTopic"), inputs.get("name")
    found = []
    if not fifo and inputs.get("contentBasedDeduplication") is True:
        found.append(
            ("contentBasedDeduplication", "contentBasedDeduplication requires fifoTopic; set both or neither.")
        )
    if isinstance(name, str) and name != UNKNOWN and fifo is True and not name.endswith(".fifo"):
        found.append(("name", f"a FIFO topic's name must end in .fifo, got {name!r}; append .fifo."))
    return found


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    if removed:
        call.client.untag_resource(ResourceArn=call.id, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceArn=call.id, Tags=pairs.to_pairs(tags))


def put_policy(call: Call, *_: Any) -> str:
    topic: str = call.props["arn"]
    call.client.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=call.props["policy"])
    return topic


def read_policy(call: Call) -> Props:
    found = call.client.get_topic_attributes(TopicArn=call.id)["Attributes"]
    return {"arn": call.id, "policy": found["Policy"], "owner": found["Owner"]}


def reset_policy(call: Call) -> None:
    """Reset the policy to the default, which allows access by the owner's account; a topic always has a policy."""
    actions = (
        "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe",
        "ListSubscriptionsByTopic", "Publish",
    )  # fmt: skip
    statement = {
        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in actions], "Resource": call.id,
        "Condition": {"StringEquals": {"AWS:SourceOwner": call.cloud.account}},
    }  # fmt: skip
    text = json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})
    call.client.set_topic_attributes(TopicArn=call.id, AttributeName="Policy", AttributeValue=text)


SUBSCRIPTION = fields(
    topic=Field(),
    protocol=Field(),
    endpoint=Field(),
    rawMessageDelivery=Field(wire="RawMessageDelivery", text=bool),
    filterPolicyScope="FilterPolicyScope",  # must precede filterPolicy, which SNS validates against its scope
    filterPolicy=Field(wire="FilterPolicy", blank="", normal=document),
    redrivePolicy=Field(wire="RedrivePolicy", blank="", normal=document),
)


def subscribe(call: Call) -> str:
    return str(
        call.client.subscribe(
            TopicArn=call.props["topic"], Protocol=call.props["protocol"], Endpoint=call.props["endpoint"],
            Attributes=wire.to_api(SUBSCRIPTION, call.props), ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
    )  # fmt: skip


def read_subscription(call: Call) -> Props:
    found = call.client.get_subscription_attributes(SubscriptionArn=call.id)["Attributes"]
    return {
        **wire.from_api(SUBSCRIPTION, found), "topic": found["TopicArn"], "protocol": found["Protocol"],
        "endpoint": found["Endpoint"], "arn": call.id, "ownerId": found["Owner"],
        "confirmationWasAuthenticated": found["ConfirmationWasAuthenticated"] == "true",
        "pendingConfirmation": found["PendingConfirmation"] == "true",
    }  # fmt: skip


def update_subscription(call: Call, changed: frozenset[str]) -> None:
    given = {name: value for name, value in call.props.items() if name in changed}
    parameters = wire.to_api(SUBSCRIPTION, given, changed - given.keys())
    if "rawMessageDelivery" in changed - given.keys():
        parameters["RawMessageDelivery"] = "false"
    if "filterPolicy" in changed - given.keys():
        parameters["FilterPolicyScope"] = "MessageAttributes"
    for name, value in parameters.items():
        call.client.set_subscription_attributes(SubscriptionArn=call.id, AttributeName=name, AttributeValue=value)


def subscription_rules(inputs: Props) -> list[tuple[str, str]]:
    found = []
    if inputs.get("protocol") not in {"sqs", "lambda", "firehose", UNKNOWN}:
        found.append(
            (
                "protocol",
                "protocol must be sqs, lambda or firehose, because the offline provider supports no others; change it.",
            )
        )
    if inputs.get("filterPolicyScope") and not inputs.get("filterPolicy"):
        found.append(("filterPolicyScope", "filterPolicyScope requires filterPolicy; set both or neither."))
    return found


ROWS = {
    "aws:sns/topic:Topic": Row(
        service="sns",
        inputs=TOPIC,
        create=create_topic,
        read=read_topic,
        update=update_topic,
        delete=lambda call: call.client.delete_topic(TopicArn=call.id),
        tagging=Tagging(
            read=lambda call: pairs.to_tags(call.client.list_tags_for_resource(ResourceArn=call.id)["Tags"]),
            write=write_tags,
        ),
        gone=GONE,
        rules=topic_rules,
    ),
    "aws:sns/topicPolicy:TopicPolicy": Row(
        service="sns",
        inputs=fields(arn=Field(), policy=Field(normal=policy)),
        create=put_policy,
        read=read_policy,
        update=put_policy,
        delete=reset_policy,
        gone=GONE,
    ),
    "aws:sns/topicSubscription:TopicSubscription": Row(
        service="sns",
        inputs=SUBSCRIPTION,
        create=subscribe,
        read=read_subscription,
        update=update_subscription,
        delete=lambda call: call.client.unsubscribe(SubscriptionArn=call.id),
        gone=GONE,
        rules=subscription_rules,
    ),
}

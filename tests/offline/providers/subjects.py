"""Define the changes that the lifecycle makes to each type, and the operations that it expects."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Clients = Callable[[str], Any]
Ids = Mapping[str, str]
"""Import ID by type."""

BUCKET, NOTIFICATION = "aws:s3/bucket:Bucket", "aws:s3/bucketNotification:BucketNotification"
QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
ROLE, ROLE_POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
GROUP, PARAMETER = "aws:cloudwatch/logGroup:LogGroup", "aws:ssm/parameter:Parameter"
FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"
RULE, TARGET = "aws:cloudwatch/eventRule:EventRule", "aws:cloudwatch/eventTarget:EventTarget"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One type in the lifecycle."""

    updated: frozenset[str]
    """Property paths that the variant `update` changes; empty for types that can only be replaced."""
    replaced: str
    """Property path whose change in the variant `replace` replaces the resource."""
    drifted: str
    """Property that `cause_drift` changes; empty if `cause_drift` can only delete the whole resource."""
    cause_drift: Callable[[Clients, Ids], object]
    """Changes the resource without the engine."""
    read_live: Callable[[Clients, Ids], object]
    """Reads the resource from the API."""
    cascades: bool = False
    """Whether its parent's replacement causes its own; it is then deleted first, without a detailed diff."""


def inline_policy(*actions: str) -> str:
    """Return an inline policy."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def other_queue_policy(arn: str) -> str:
    """Return a policy that differs from the program's."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def queue_attribute(name: str) -> Callable[[Clients, Ids], object]:
    """Return a function that reads one of the queue's attributes."""

    def read_live(client: Clients, ids: Ids) -> object:
        found = client("sqs").get_queue_attributes(QueueUrl=ids[QUEUE], AttributeNames=["All"])["Attributes"]
        return json.loads(found[name]) if name == "Policy" else found[name]

    return read_live


def set_queue(client: Clients, ids: Ids, **attributes: str) -> None:
    """Change some of the queue's attributes."""
    client("sqs").set_queue_attributes(QueueUrl=ids[QUEUE], Attributes=attributes)


def targets(client: Clients, ids: Ids) -> list[dict[str, Any]]:
    """Return the rule's targets."""
    found: list[dict[str, Any]] = client("events").list_targets_by_rule(Rule=ids[RULE])["Targets"]
    return found


def retarget(client: Clients, ids: Ids) -> None:
    """Change the target's input path."""
    (target,) = targets(client, ids)
    client("events").put_targets(Rule=ids[RULE], Targets=[target | {"InputPath": "$.other"}])


def group(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the log group."""
    found: dict[str, Any] = client("logs").describe_log_groups(logGroupNamePrefix=ids[GROUP])["logGroups"][0]
    return found


def role_policy(ids: Ids) -> dict[str, str]:
    """Return the inline policy's role and name."""
    role, _, name = ids[ROLE_POLICY].partition(":")
    return {"RoleName": role, "PolicyName": name}


SUBJECTS: dict[str, Subject] = {
    BUCKET: Subject(
        updated=frozenset({"tags", "tagsAll"}),
        replaced="objectLockEnabled",
        drifted="tags",
        cause_drift=lambda client, ids: client("s3").put_bucket_tagging(
            Bucket=ids[BUCKET], Tagging={"TagSet": [{"Key": "stray", "Value": "x"}]}
        ),
        read_live=lambda client, ids: sorted(
            tag["Key"] + tag["Value"] for tag in client("s3").get_bucket_tagging(Bucket=ids[BUCKET])["TagSet"]
        ),
    ),
    NOTIFICATION: Subject(
        updated=frozenset({"queues[0].filterPrefix"}),
        replaced="bucket",
        drifted="eventbridge",
        cause_drift=lambda client, ids: client("s3").put_bucket_notification_configuration(
            Bucket=ids[NOTIFICATION], NotificationConfiguration={"EventBridgeConfiguration": {}}
        ),
        read_live=lambda client, ids: sorted(
            client("s3").get_bucket_notification_configuration(Bucket=ids[NOTIFICATION]).keys() - {"ResponseMetadata"}
        ),
    ),
    QUEUE: Subject(
        updated=frozenset({"visibilityTimeoutSeconds", "delaySeconds", "tags", "tagsAll"}),
        replaced="namePrefix",
        drifted="visibilityTimeoutSeconds",
        cause_drift=lambda client, ids: set_queue(client, ids, VisibilityTimeout="11"),
        read_live=queue_attribute("VisibilityTimeout"),
    ),
    QUEUE_POLICY: Subject(
        updated=frozenset({"policy"}),
        replaced="queueUrl",
        drifted="policy",
        cause_drift=lambda client, ids: set_queue(client, ids, Policy=other_queue_policy("*")),
        read_live=queue_attribute("Policy"),
    ),
    ROLE: Subject(
        updated=frozenset({"assumeRolePolicy", "description", "tags", "tagsAll"}),
        replaced="path",
        drifted="maxSessionDuration",
        cause_drift=lambda client, ids: client("iam").update_role(RoleName=ids[ROLE], MaxSessionDuration=7200),
        read_live=lambda client, ids: client("iam").get_role(RoleName=ids[ROLE])["Role"]["MaxSessionDuration"],
    ),
    ROLE_POLICY: Subject(
        updated=frozenset({"policy"}),
        replaced="name",
        drifted="policy",
        cause_drift=lambda client, ids: client("iam").put_role_policy(
            **role_policy(ids), PolicyDocument=inline_policy("s3:*")
        ),
        read_live=lambda client, ids: client("iam").get_role_policy(**role_policy(ids))["PolicyDocument"],
    ),
    GROUP: Subject(
        updated=frozenset({"retentionInDays"}),
        replaced="logGroupClass",
        drifted="retentionInDays",
        cause_drift=lambda client, ids: client("logs").put_retention_policy(logGroupName=ids[GROUP], retentionInDays=3),
        read_live=lambda client, ids: group(client, ids).get("retentionInDays"),
    ),
    FUNCTION: Subject(
        updated=frozenset(
            {"imageUri", "imageConfig", "environment.variables", "memorySize", "reservedConcurrentExecutions"}
        ),
        replaced="name",
        drifted="environment.variables",
        cause_drift=lambda client, ids: client("lambda").update_function_configuration(
            FunctionName=ids[FUNCTION], Environment={"Variables": {"LEVEL": "9"}}
        ),
        read_live=lambda client, ids: client("lambda").get_function_configuration(FunctionName=ids[FUNCTION])[
            "Environment"
        ],
    ),
    MAPPING: Subject(
        updated=frozenset({"batchSize", "functionResponseTypes", "scalingConfig"}),
        replaced="eventSourceArn",
        drifted="batchSize",
        cause_drift=lambda client, ids: client("lambda").update_event_source_mapping(UUID=ids[MAPPING], BatchSize=9),
        read_live=lambda client, ids: client("lambda").get_event_source_mapping(UUID=ids[MAPPING])["BatchSize"],
    ),
    RULE: Subject(
        updated=frozenset({"eventPattern", "description", "state"}),
        replaced="namePrefix",
        drifted="state",
        cause_drift=lambda client, ids: client("events").enable_rule(Name=ids[RULE]),
        read_live=lambda client, ids: client("events").describe_rule(Name=ids[RULE])["State"],
    ),
    TARGET: Subject(
        updated=frozenset({"retryPolicy", "input", "inputPath"}),
        replaced="targetId",
        drifted="inputPath",
        cause_drift=retarget,
        read_live=targets,
    ),
    PARAMETER: Subject(
        updated=frozenset({"value", "description", "allowedPattern"}),
        replaced="name",
        drifted="value",
        cause_drift=lambda client, ids: client("ssm").put_parameter(
            Name=ids[PARAMETER], Value="drifted", Type="SecureString", Overwrite=True
        ),
        read_live=lambda client, ids: client("ssm").get_parameter(Name=ids[PARAMETER], WithDecryption=True)[
            "Parameter"
        ]["Value"],
    ),
}

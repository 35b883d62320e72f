"""A ContainerFunction's children have the right parents and secure inputs."""

import json
from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, ContainerFunctionArgs, DefinitionError, Target
from intermodal.function.check import check_definition
from tests.conftest import ACCOUNT, REGION, Run

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64


def minimal(**more: Any) -> ContainerFunctionArgs:
    """Return the smallest definition, extended by `more`."""
    return {"image": {"uri": IMAGE}, "target": Target.LAMBDA, **more}  # type: ignore[typeddict-item]


def two_lanes(main: int, green: int) -> dict[str, Any]:
    """Return the arguments for two lanes with these shares."""
    lanes = [
        {"name": "main", "target": Target.LAMBDA, "share": main},
        {"name": "green", "target": Target.LAMBDA, "share": green},
    ]
    return {"image": {"uri": IMAGE}, "lanes": lanes}


LANE = [
    "aws:cloudwatch/metricAlarm:MetricAlarm scan-main-dead-letters-alarm",
    "aws:iam/rolePolicy:RolePolicy scan-main-consume",
    "aws:lambda/eventSourceMapping:EventSourceMapping scan-main-mapping",
    "aws:lambda/function:Function scan-main-function",
    "aws:sqs/queue:Queue scan-main-dead-letters",
    "aws:sqs/queue:Queue scan-main-inbox",
    "intermodal:index:Inbox scan-main",
    "aws:sqs/queuePolicy:QueuePolicy scan-main-inbox-policy",
    "intermodal:index:Lane scan-main",
]
FUNCTION = [
    "aws:cloudwatch/logGroup:LogGroup scan-logs",
    "aws:iam/role:Role scan-role",
    "aws:iam/rolePolicy:RolePolicy scan-permissions",
    "aws:sqs/queue:Queue scan-undelivered",
    "aws:sqs/queuePolicy:QueuePolicy scan-undelivered-policy",
    "intermodal:index:ContainerFunction scan",
]
RULES = [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}" for name in ("scan-*", "*/scan-*")]
"""The function has rules on the default bus and on others."""


def test_required_arguments_create_role_logs_and_one_lane(cloud: Run) -> None:
    made = cloud(lambda: ContainerFunction("scan", minimal()))
    assert made.list_registrations() == sorted(FUNCTION + LANE)


def test_bus_and_bucket_sources_add_a_rule_and_a_target_each(cloud: Run) -> None:
    sources = [
        {"bus": {"pattern": {"source": ["shop"]}}},
        {"bucket": {"bucket": "photos", "prefix": "in/"}},
    ]
    made = cloud(lambda: ContainerFunction("scan", minimal(sources=sources)))
    added = [
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-bucket-lost",
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-bus-lost",
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-undelivered-alarm",
        "aws:cloudwatch/eventRule:EventRule scan-bucket-rule",
        "aws:cloudwatch/eventRule:EventRule scan-bus-rule",
        "aws:cloudwatch/eventTarget:EventTarget scan-bucket-target",
        "aws:cloudwatch/eventTarget:EventTarget scan-bus-target",
    ]
    assert made.list_registrations() == sorted(FUNCTION + LANE + added)
    bucket = json.loads(made.inputs("aws:cloudwatch/eventRule:EventRule", "scan-bucket-rule")["eventPattern"])
    assert bucket["detail"] == {"bucket": {"name": ["photos"]}, "object": {"key": [{"prefix": "in/"}]}}
    policy = json.loads(made.inputs("aws:sqs/queuePolicy:QueuePolicy", "scan-main-inbox-policy")["policy"])
    assert policy["Statement"] == [
        {
            "Sid": "Events",
            "Effect": "Allow",
            "Action": "sqs:SendMessage",
            "Resource": "arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox",
            "Principal": {"Service": "events.amazonaws.com"},
            "Condition": {"ArnLike": {"aws:SourceArn": RULES}},
        }
    ]


def test_listed_senders_may_send(cloud: Run) -> None:
    sources = [{"queue": {"senders": ["arn:aws:iam::123456789012:role/shop"]}}]
    made = cloud(lambda: ContainerFunction("scan", minimal(sources=sources)))
    policy = json.loads(made.inputs("aws:sqs/queuePolicy:QueuePolicy", "scan-main-inbox-policy")["policy"])
    assert policy["Statement"][1]["Principal"] == {"AWS": ["arn:aws:iam::123456789012:role/shop"]}


def test_trust_has_each_service_once_for_this_account_only(cloud: Run) -> None:
    made = cloud(lambda: ContainerFunction("scan", minimal(trust=["lambda", "ecs-tasks"])))
    trust = json.loads(made.inputs("aws:iam/role:Role", "scan-role")["assumeRolePolicy"])
    condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert trust["Statement"] == [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", "Condition": condition}
        for service in ("lambda.amazonaws.com", "ecs-tasks.amazonaws.com")
    ]


def test_role_allows_own_logs_own_inbox_and_permissions(cloud: Run) -> None:
    allowed = {"actions": ["s3:GetObject"], "resources": ["arn:bucket/*"]}
    made = cloud(lambda: ContainerFunction("scan", minimal(permissions=[allowed])))
    permissions = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"])
    consume = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-consume")["policy"])
    assert [(s["Action"], s["Resource"]) for s in permissions["Statement"] + consume["Statement"]] == [
        (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:scan-logs{part}" for part in ("", ":*")],
        ),
        (["s3:GetObject"], ["arn:bucket/*"]),
        (
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
            ["arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox"],
        ),
    ]


def test_inbox_has_six_timeouts_redrive_and_encryption(cloud: Run) -> None:
    made = cloud(lambda: ContainerFunction("scan", minimal(timeout_seconds=100)))
    inbox = made.inputs("aws:sqs/queue:Queue", "scan-main-inbox")
    dead = made.inputs("aws:sqs/queue:Queue", "scan-main-dead-letters")
    assert inbox["visibilityTimeoutSeconds"] == 600
    assert json.loads(inbox["redrivePolicy"]) == {
        "deadLetterTargetArn": "arn:aws:sqs:eu-central-1:123456789012:scan-main-dead-letters",
        "maxReceiveCount": 5,
    }
    assert inbox["messageRetentionSeconds"] < dead["messageRetentionSeconds"]
    assert inbox["sqsManagedSseEnabled"] is dead["sqsManagedSseEnabled"] is True


def test_events_go_to_the_lane_with_the_share(cloud: Run) -> None:
    sources = [{"bus": {"pattern": {"source": ["shop"]}}}]
    args = {**two_lanes(main=0, green=16), "sources": sources}
    made = cloud(lambda: ContainerFunction("scan", args))  # type: ignore[arg-type]
    target = made.inputs("aws:cloudwatch/eventTarget:EventTarget", "scan-bus-target")
    assert (target["arn"], target["targetId"]) == ("arn:aws:sqs:eu-central-1:123456789012:scan-green-inbox", "inbox")
    for lane in ("main", "green"):
        assert f"aws:sqs/queuePolicy:QueuePolicy scan-{lane}-inbox-policy" in made.list_registrations()


def test_key_encrypts_variables_and_the_role_may_use_it(cloud: Run) -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1b2c"
    made = cloud(lambda: ContainerFunction("scan", minimal(kms_key_arn=key)))
    assert made.inputs("aws:lambda/function:Function", "scan-main-function")["kmsKeyArn"] == key
    policy = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"])
    assert {"Sid": "Decrypt", "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": [key]} in policy["Statement"]


def test_similar_function_names_do_not_collide(cloud: Run) -> None:
    def program() -> None:
        ContainerFunction("scan", {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "lane": "blue"})
        ContainerFunction("scan-blue", minimal())

    made = cloud(program)
    names = [args.inputs["name"] for key, args in made.resources.items() if key.startswith("aws:lambda/function:")]
    assert sorted(names) == ["proj-dev-scan-blue", "proj-dev-scan-blue-main"]
    assert len(made.list_registrations()) == 2 * len(FUNCTION + LANE)


def test_stateful_resources_are_protected_and_logs_kept(cloud: Run) -> None:
    """A transform reads every child's options, because mocks do not record them."""
    seen: dict[str, tuple[bool | None, bool | None]] = {}

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        seen[args.name] = (args.opts.protect, args.opts.retain_on_delete)

    opts = pulumi.ResourceOptions(transformations=[record])
    cloud(lambda: ContainerFunction("scan", minimal(protect=True), opts))
    assert {name for name, (protected, _) in seen.items() if protected} == {
        "scan-main-dead-letters",
        "scan-main-inbox",
        "scan-role",
        "scan-undelivered",
    }
    assert {name for name, (_, retained) in seen.items() if retained} == {"scan-logs"}


def test_name_reserved_by_ec2_is_rejected_in_a_vpc() -> None:
    with pytest.raises(DefinitionError, match='name must not begin with "sg-" in a VPC'):
        check_definition("sg-scan", minimal(vpc=True))

"""Create objects outside Pulumi for `pulumi import`; the program's variant `adopt` describes them."""

import json
from typing import Any

from tests.offline.providers import subjects
from tests.offline.providers.program import variants
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients

TAGS = {"team": "a", "owner": "walk"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
DEAD = f"arn:aws:sqs:{REGION}:{ACCOUNT}:adopt-dead"
FED = f"arn:aws:sqs:{REGION}:{ACCOUNT}:adopt-queue"


def create_all(client: Clients) -> dict[str, str]:
    """Create everything; return the import ID of each type."""
    queue = _queues(client)
    _role(client)
    client("logs").create_log_group(logGroupName="adopt-group", tags=TAGS)
    client("logs").put_retention_policy(logGroupName="adopt-group", retentionInDays=7)
    mapping = _function(client)
    _bucket(client)
    _rule(client)
    client("ssm").put_parameter(
        Name="/adopt/parameter", Type="SecureString", Value="first", Description="first", Tags=PAIRS
    )
    return {
        subjects.BUCKET: "adopt-bucket", subjects.NOTIFICATION: "adopt-bucket", subjects.QUEUE: queue,
        subjects.QUEUE_POLICY: queue, subjects.ROLE: "adopt-role", subjects.ROLE_POLICY: "adopt-role:adopt-policy",
        subjects.GROUP: "adopt-group", subjects.FUNCTION: "adopt-function", subjects.MAPPING: mapping,
        subjects.RULE: "adopt-rule", subjects.TARGET: "adopt-rule/adopt-target",
        subjects.PARAMETER: "/adopt/parameter",
    }  # fmt: skip


def _queues(client: Clients) -> str:
    sizes = {"MaximumMessageSize": "262144"}  # the official provider's default; the API's default is larger
    client("sqs").create_queue(QueueName="adopt-dead", Attributes=sizes, tags={"owner": "walk"})
    allow = {
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": FED,
        "Action": "sqs:SendMessage",
    }  # fmt: skip
    attributes = {
        **sizes, "VisibilityTimeout": "60", "SqsManagedSseEnabled": "true",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": 3}),
        "Policy": json.dumps({"Statement": [allow], "Version": "2012-10-17"}),
    }  # fmt: skip
    made: str = client("sqs").create_queue(QueueName="adopt-queue", Attributes=attributes, tags=TAGS)["QueueUrl"]
    return made


def _role(client: Clients) -> None:
    iam = client("iam")
    trust = variants.BASE["Role"]["assume_role_policy"]
    iam.create_role(RoleName="adopt-role", AssumeRolePolicyDocument=trust, Description="first", Tags=PAIRS)
    document = variants.BASE["RolePolicy"]["policy"]
    iam.put_role_policy(RoleName="adopt-role", PolicyName="adopt-policy", PolicyDocument=document)


def _function(client: Clients) -> str:
    client("lambda").create_function(
        FunctionName="adopt-function", PackageType="Image", Code={"ImageUri": "scanner:1"},
        Role=f"arn:aws:iam::{ACCOUNT}:role/adopt-role", MemorySize=512, Timeout=30, Architectures=["arm64"], Tags=TAGS,
        ImageConfig={"Command": ["scan.handler"], "WorkingDirectory": "/app"},
        Environment={"Variables": {"LEVEL": "1"}}, LoggingConfig={"LogFormat": "JSON", "LogGroup": "adopt-group"},
    )  # fmt: skip
    made: dict[str, Any] = client("lambda").create_event_source_mapping(
        FunctionName="adopt-function", EventSourceArn=FED, BatchSize=5, Enabled=False, Tags=TAGS,
        FunctionResponseTypes=["ReportBatchItemFailures"], ScalingConfig={"MaximumConcurrency": 4},
    )  # fmt: skip
    return str(made["UUID"])


def _bucket(client: Clients) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="adopt-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="adopt-bucket", Tagging={"TagSet": PAIRS})
    rules = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}
    one = {"QueueArn": FED, "Events": ["s3:ObjectCreated:*"], "Filter": rules}
    s3.put_bucket_notification_configuration(
        Bucket="adopt-bucket", NotificationConfiguration={"QueueConfigurations": [one]}
    )


def _rule(client: Clients) -> None:
    events = client("events")
    events.put_rule(Name="adopt-rule", EventPattern='{"source": ["walk"]}', Description="first", Tags=PAIRS)
    target = {
        "Id": "adopt-target", "Arn": FED, "Input": "{}", "DeadLetterConfig": {"Arn": DEAD},
        "RetryPolicy": {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 2},
    }  # fmt: skip
    events.put_targets(Rule="adopt-rule", Targets=[target])


def delete_all(client: Clients) -> None:
    """Delete everything outside the engine."""
    client("s3").put_bucket_notification_configuration(Bucket="adopt-bucket", NotificationConfiguration={})
    client("s3").delete_bucket(Bucket="adopt-bucket")
    for mapping in client("lambda").list_event_source_mappings(FunctionName="adopt-function")["EventSourceMappings"]:
        client("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
    client("lambda").delete_function(FunctionName="adopt-function")
    client("events").remove_targets(Rule="adopt-rule", Ids=["adopt-target"])
    client("events").delete_rule(Name="adopt-rule")
    for name in ("adopt-queue", "adopt-dead"):
        client("sqs").delete_queue(QueueUrl=client("sqs").get_queue_url(QueueName=name)["QueueUrl"])
    client("iam").delete_role_policy(RoleName="adopt-role", PolicyName="adopt-policy")
    client("iam").delete_role(RoleName="adopt-role")
    client("logs").delete_log_group(logGroupName="adopt-group")
    client("ssm").delete_parameter(Name="/adopt/parameter")


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return everything that exists in the AWS account, by kind."""
    functions, events = client("lambda"), client("events")
    return {
        "buckets": [one["Name"] for one in client("s3").list_buckets()["Buckets"]],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "roles": [one["RoleName"] for one in client("iam").list_roles()["Roles"]],
        "log groups": [one["logGroupName"] for one in client("logs").describe_log_groups()["logGroups"]],
        "functions": [one["FunctionName"] for one in functions.list_functions()["Functions"]],
        "mappings": [one["UUID"] for one in functions.list_event_source_mappings()["EventSourceMappings"]],
        "rules": [one["Name"] for one in events.list_rules()["Rules"]],
        "parameters": [one["Name"] for one in client("ssm").describe_parameters()["Parameters"]],
    }

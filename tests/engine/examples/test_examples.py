"""The real engine deploys every example; a real event has the effect that the example promises."""

import contextlib
import json
from typing import Any

from local import processes
from tests.engine.examples.conftest import Clients, Deploy

SECONDS = 60.0
SCHEDULE_SECONDS = 90.0


def has_line(client: Clients, group: str, text: str) -> bool:
    """Return whether a log group with this prefix soon has a line that contains this string."""

    def has_text() -> bool:
        logs = client("logs")
        for found in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
            events = logs.filter_log_events(logGroupName=found["logGroupName"])["events"]
            if any(text in event["message"] for event in events):
                return True
        return False

    return processes.poll(has_text, SECONDS)


def read_json(client: Clients, bucket: str, key: str, seconds: float = SECONDS) -> Any:
    """Wait for an object and return its JSON."""
    s3, found = client("s3"), []

    def there() -> bool:
        with contextlib.suppress(s3.exceptions.NoSuchKey):
            found.append(json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
        return bool(found)

    assert processes.poll(there, seconds), f"{key} does not exist after {seconds} s"
    return found[0]


def test_hello(deploy: Deploy, client: Clients) -> None:
    _, outputs = deploy("hello")
    client("sqs").send_message(QueueUrl=outputs["inbox_url"], MessageBody='{"name": "Ada"}')
    assert has_line(client, "hello-logs", "Hello Ada!")


def test_uploads(deploy: Deploy, client: Clients) -> None:
    _, outputs = deploy("uploads")
    client("s3").put_object(Bucket=outputs["uploads"], Key="in/letter.txt", Body=b"Dear reader")
    assert read_json(client, outputs["receipts"], "in/letter.txt.json") == {"key": "in/letter.txt", "bytes": 11}


def test_tenants(deploy: Deploy, client: Clients) -> None:
    _, outputs = deploy("tenants")
    for tenant in ("acme", "zenith"):
        detail = json.dumps({"id": f"order-of-{tenant}", "tenant": tenant})
        entry = {"EventBusName": outputs["bus_name"], "Source": "shop", "DetailType": "Order", "Detail": detail}
        assert client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    table = client("dynamodb")

    def lanes() -> dict[str, str]:
        items = table.scan(TableName=outputs["table_name"])["Items"]
        return {item["tenant"]["S"]: item["lane"]["S"] for item in items}

    assert processes.poll(lambda: len(lanes()) == 2, SECONDS)
    assert lanes() == {"acme": "acme", "zenith": "others"}


def test_schedule(deploy: Deploy, client: Clients) -> None:
    _, outputs = deploy("schedule")
    assert read_json(client, outputs["reports"], "minute.json", SCHEDULE_SECONDS) == {"report": "minute"}


def test_adopted(deploy: Deploy, client: Clients) -> None:
    ec2, iam, sqs = client("ec2"), client("iam"), client("sqs")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName="company-invoices", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    queue = sqs.create_queue(QueueName="company-invoices", Attributes={"VisibilityTimeout": "400"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    config = {
        "vpc_id": vpc,
        "private_subnet_ids": [subnet],
        "role_arn": role,
        "queue_arn": arn,
        "queue_url": queue,
    }
    project, outputs = deploy("adopted", {f"adopted:{key}": value for key, value in config.items()})
    assert outputs["role_arn"] == role
    sqs.send_message(QueueUrl=queue, MessageBody='{"number": 4711}')
    assert has_line(client, "invoices-logs", "4711")
    kinds = {each["type"] for each in project.resources()}
    assert not kinds & {"aws:ec2/vpc:Vpc", "aws:iam/role:Role", "aws:sqs/queue:Queue"}


def test_platform_and_functions_in_separate_stacks(deploy: Deploy, client: Clients) -> None:
    _, shared = deploy("shared")
    project, outputs = deploy("functions")
    client("sqs").send_message(QueueUrl=outputs["inboxes"]["audit"], MessageBody="{}")
    assert has_line(client, "audit-logs", "audited")
    groups = [each["inputs"] for each in project.resources() if each["type"] == "aws:ec2/securityGroup:SecurityGroup"]
    assert [group["vpcId"] for group in groups] == [shared["platform"]["vpc_id"]]

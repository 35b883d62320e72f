"""A link to a resource sets a permission, a variable and its value."""

import json

import pulumi
import pytest
from pulumi_aws import cloudwatch, dynamodb, s3, secretsmanager, sns, sqs, ssm

from intermodal import ContainerFunction, DefinitionError, read, send, write
from tests.conftest import IMAGE, Run


def test_each_linked_resource_sets_its_variable(cloud: Run) -> None:
    def program() -> None:
        links = [
            read(s3.Bucket("photographs", bucket="photos")),
            write(dynamodb.Table("orders", hash_key="id", attributes=[{"name": "id", "type": "S"}])),
            send(sqs.Queue("next-step")),
            send(sns.Topic("orders")),
            send(cloudwatch.EventBus("shop")),
            read(secretsmanager.Secret("key"), "API_KEY"),
            read(ssm.Parameter("settings", type="String", value="{}")),
        ]
        ContainerFunction("scan", {"image": IMAGE, "target": "lambda", "links": links})

    function = cloud(program).inputs("aws:lambda/function:Function", "scan-main-function")
    assert function["environment"]["variables"] == {
        "PHOTOGRAPHS_BUCKET": "photos",
        "ORDERS_TABLE_NAME": "orders",
        "NEXT_STEP_QUEUE_URL": "https://next-step",
        "ORDERS_TOPIC_ARN": "arn:orders",
        "SHOP_BUS_NAME": "shop",
        "API_KEY": "arn:key",
        "SETTINGS_PARAMETER": "settings",
    }


def test_read_and_write_links_to_a_bucket_share_a_variable(cloud: Run) -> None:
    def program() -> None:
        bucket = s3.Bucket("photographs", bucket="photos")
        links = [read(bucket), write(bucket)]
        ContainerFunction("scan", {"image": IMAGE, "target": "lambda", "links": links})

    made = cloud(program)
    variables = made.inputs("aws:lambda/function:Function", "scan-main-function")["environment"]["variables"]
    assert variables == {"PHOTOGRAPHS_BUCKET": "photos"}
    policy = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"])
    assert [(s["Action"], s["Resource"]) for s in policy["Statement"][1:]] == [
        (["s3:GetObject"], ["arn:photographs/*"]),
        (["s3:ListBucket"], ["arn:photographs"]),
        (["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"], ["arn:photographs/*"]),
    ]


def test_unlinkable_resource_lists_the_linkable_kinds(cloud: Run) -> None:
    def program() -> None:
        read(pulumi.CustomResource("aws:ec2/vpc:Vpc", "net"))  # type: ignore[arg-type]

    with pytest.raises(
        DefinitionError, match=r'Link to "net": read must link to one of aws:cloudwatch.*got aws:ec2/vpc:Vpc; '
    ):
        cloud(program)

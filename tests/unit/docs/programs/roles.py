"""Grant a function permissions: with links, statements, a custom trust, or an existing role."""

import pulumi
from pulumi_aws import s3, sqs

from intermodal import ContainerFunction, read, send

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
photographs = s3.Bucket("photographs")
orders = sqs.Queue("orders")

# --8<-- [start:links]
scan = ContainerFunction(
    "scan",
    image=IMAGE,
    target="lambda",
    links=[read(photographs), send(orders)],  # PHOTOGRAPHS_BUCKET and ORDERS_QUEUE_URL
    permissions=[{"actions": ["textract:DetectDocumentText"], "resources": ["*"]}],
)
# --8<-- [end:links]

# --8<-- [start:existing]
invoices = ContainerFunction(
    "invoices",
    image=IMAGE,
    target="lambda",
    role={"arn": pulumi.Config().require("role_arn")},
)
# --8<-- [end:existing]

# --8<-- [start:trust]
reports = ContainerFunction(
    "reports",
    image=IMAGE,
    target="lambda",
    trust=["lambda", "ecs-tasks"],
)
# --8<-- [end:trust]

"""Create one function for each kind of source."""

import pulumi
from pulumi_aws import s3, sns

from intermodal import ContainerFunction, Target, enable_bucket_events

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
orders = sns.Topic("orders")

# --8<-- [start:queue]
ContainerFunction("work", {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "sources": [{"queue": {}}]})
# --8<-- [end:queue]

# --8<-- [start:bus]
ContainerFunction(
    "billing",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "sources": [{"bus": {"pattern": {"source": ["shop"], "detail-type": ["OrderPlaced"]}}}],
    },
)
# --8<-- [end:bus]

# --8<-- [start:bucket]
uploads = s3.Bucket("uploads")
enable_bucket_events("uploads", uploads.bucket)
ContainerFunction(
    "receipt",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "sources": [{"bucket": {"bucket": uploads.bucket, "prefix": "in/"}}],
    },
)
# --8<-- [end:bucket]

# --8<-- [start:topic]
ContainerFunction(
    "shipping",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "sources": [{"topic": {"arn": orders.arn, "filter": {"country": ["DE"]}}}],
    },
)
# --8<-- [end:topic]

# --8<-- [start:http]
hooks = ContainerFunction(
    "hooks",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "sources": [{"http": {"path": "/hooks", "requests_per_second": 20, "access_logs": True}}],
    },
)
pulumi.export("url", hooks.endpoints)
# --8<-- [end:http]

# --8<-- [start:disabled]
ContainerFunction(
    "careful",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "sources": [{"bus": {"pattern": {"source": ["shop"]}}, "enabled": False}],
    },
)
# --8<-- [end:disabled]

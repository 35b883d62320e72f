"""The stack: a bucket of photographs and the function that makes their thumbnails, in a VPC."""

import json

import pulumi
from pulumi_aws import s3, sns, ssm

from intermodal import ContainerFunction, Platform, enable_bucket_events, placements, read, write

placement = placements({"thumbnails"})

platform = Platform("shared", {"network": {"zones": ["eu-central-1a", "eu-central-1b"]}})
photographs = s3.Bucket("photographs", force_destroy=True)
notifications = enable_bucket_events("photographs", photographs.bucket)
orders = sns.Topic("orders")
settings = ssm.Parameter("settings", type="String", value=json.dumps({"largest_side": 320}))

thumbnails = ContainerFunction(
    "thumbnails",
    {
        "platform": platform.handle,
        "vpc": True,
        "image": {"build": "examples/thumbnails"},
        "links": [read(photographs), write(photographs), read(settings)],
        "sources": [
            {"bucket": {"bucket": photographs.bucket, "prefix": "photographs/"}},
            {"bus": {"pattern": {"detail-type": ["ThumbnailRequested"]}}},
            {"topic": {"arn": orders.arn, "filter": {"wants": ["thumbnail"]}}},
            {"schedule": {"expression": "rate(1 minute)", "input": {"id": "every-minute", "report": True}}},
            {"queue": {}},
        ],
        **placement("thumbnails"),
    },
)

pulumi.export("bucket", photographs.bucket)
pulumi.export("topic_arn", orders.arn)
pulumi.export("inbox_url", thumbnails.inbox_url)
pulumi.export("dead_letters_arn", thumbnails.dead_letters_arn)
pulumi.export("log_group", thumbnails.log_group_name)
pulumi.export("lanes", thumbnails.lanes)

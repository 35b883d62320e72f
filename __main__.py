"""The stack: a bucket of photographs and the function that makes their thumbnails."""

import json

import pulumi
from pulumi_aws import s3, ssm

from intermodal import ContainerFunction, enable_bucket_events, placements

placement = placements({"thumbnails"})

photographs = s3.Bucket("photographs", force_destroy=True)
notifications = enable_bucket_events("photographs", photographs.bucket)
settings = ssm.Parameter("settings", type="String", value=json.dumps({"largest_side": 320}))

thumbnails = ContainerFunction(
    "thumbnails",
    {
        "image": {"build": "examples/thumbnails"},
        "environment": {"SETTINGS_PARAMETER": settings.name},
        "permissions": [
            {"actions": ["ssm:GetParameter"], "resources": [settings.arn]},
            {
                "actions": ["s3:GetObject", "s3:PutObject"],
                "resources": [pulumi.Output.concat(photographs.arn, "/*")],
            },
        ],
        "sources": [
            {"bucket": {"bucket": photographs.bucket, "prefix": "photographs/"}},
            {"bus": {"pattern": {"detail-type": ["ThumbnailRequested"]}}},
            {"queue": {}},
        ],
        **placement("thumbnails"),
    },
)

pulumi.export("bucket", photographs.bucket)
pulumi.export("inbox_url", thumbnails.inbox_url)
pulumi.export("dead_letters_arn", thumbnails.dead_letters_arn)
pulumi.export("log_group", thumbnails.log_group_name)
pulumi.export("lanes", thumbnails.lanes)

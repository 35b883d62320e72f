"""Create a function that writes a receipt for each upload; its stack file sets the target."""

import pulumi
from pulumi_aws import s3

from intermodal import ContainerFunction, Platform, on, placements, read, write

# --8<-- [start:platform]
platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"], "targets": ["ecs"]}, ecs={})
# --8<-- [end:platform]
uploads, receipts = s3.Bucket("uploads"), s3.Bucket("receipts")
# --8<-- [start:function]
placement = placements({"receipt"})

receipt = ContainerFunction(
    "receipt",
    image="function",
    platform=platform,
    vpc=True,
    links=[read(uploads), write(receipts)],
    sources=[on.bucket(uploads, prefix="in/")],
    **placement("receipt"),
)
# --8<-- [end:function]
pulumi.export("inbox_url", receipt.inbox_url)

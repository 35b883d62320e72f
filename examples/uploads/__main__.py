"""Run a function for each upload to a bucket; each link grants a permission and sets a variable."""

import pulumi
from pulumi_aws import s3

from intermodal import ContainerFunction, Target, enable_bucket_events, read, write

uploads = s3.Bucket("uploads", force_destroy=True)
receipts = s3.Bucket("receipts", force_destroy=True)
enable_bucket_events("uploads", uploads.bucket)

ContainerFunction(
    "receipt",
    {
        "image": {"build": "function"},
        "target": Target.LAMBDA,
        "links": [read(uploads), write(receipts)],
        "sources": [{"bucket": {"bucket": uploads.bucket, "prefix": "in/"}}],
    },
)

pulumi.export("uploads", uploads.bucket)
pulumi.export("receipts", receipts.bucket)

"""Run a function for each upload to a bucket; each link grants a permission and sets a variable."""

import pulumi
from pulumi_aws import s3

from intermodal import ContainerFunction, on, read, write

uploads = s3.Bucket("uploads", force_destroy=True)
receipts = s3.Bucket("receipts", force_destroy=True)

ContainerFunction(
    "receipt",
    image="function",
    target="lambda",
    links=[read(uploads), write(receipts)],
    sources=[on.bucket(uploads, prefix="in/")],
)

pulumi.export("uploads", uploads.bucket)
pulumi.export("receipts", receipts.bucket)

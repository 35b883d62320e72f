"""Create a function that writes to the same bucket whose objects trigger it."""

from pulumi_aws import s3

from intermodal import ContainerFunction, Target, write

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
photos = s3.Bucket("photos")

ContainerFunction(
    "scan",
    {
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "links": [write(photos)],
        "sources": [{"bucket": {"bucket": photos.bucket}}],
    },
)

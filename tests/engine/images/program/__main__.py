"""Declare a platform with a registry, and one function on each target from the same build folder."""

import pulumi
from pulumi_aws import s3

from intermodal import ContainerFunction, Platform, on, write

config = pulumi.Config("images")
existing = config.get("registry")
platform = Platform(
    "shared",
    network={"zones": ["eu-central-1a", "eu-central-1b"]},
    registry={"existing": existing} if existing else {"force_delete": True},
    adapter={"build": config.require("adapter")},
    ecs={},
    kubernetes={
        "existing": {
            "kubeconfig": config.require("kubeconfig"),
            "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
            "security_groups": True,
        },
        "namespace": config.require("namespace"),
        "environment": {"AWS_ENDPOINT_URL": config.require("endpoint")},
    },
)
for target in config.require_object("targets"):
    uploads = s3.Bucket(f"{target}-uploads", force_destroy=True)
    receipts = s3.Bucket(f"{target}-receipts", force_destroy=True)
    function = ContainerFunction(
        f"receipt-{target}",
        image="functions/receipt",
        target=target,
        vpc=True,
        platform=platform,
        drain_before_delete=False,
        links=[write(receipts, variable="RECEIPTS_BUCKET")],
        sources=[on.bucket(uploads, prefix="in/", suffix=".pdf")],
    )
    pulumi.export(target, {"uploads": uploads.bucket, "receipts": receipts.bucket})

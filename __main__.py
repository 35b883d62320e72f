"""The stack: a bucket of photographs, and the function that makes their thumbnails on every target, in a VPC."""

import json
import os
from typing import Any

import pulumi
from pulumi_aws import s3, sns, ssm

from intermodal import ContainerFunction, Platform, enable_bucket_events, placements, read, write

FUNCTIONS = {"lambda": "thumbnails", "ecs": "thumbnails-ecs", "kubernetes": "thumbnails-kubernetes"}
"""The same definition three times; the stack file says where each runs."""

placement = placements(set(FUNCTIONS.values()))
targets = (os.environ.get("INTERMODAL_TARGETS") or " ".join(FUNCTIONS)).split()  # `make demo TARGETS=lambda`
clusters: Any = {
    "ecs": {},
    "kubernetes": {
        "existing": {
            "kubeconfig": os.environ.get("INTERMODAL_CLUSTER_KUBECONFIG", ".local/cluster/kubeconfig"),
            "oidc_provider_arn": "arn:aws:iam::000000000000:oidc-provider/kubernetes.default.svc",
            "security_groups": True,
        },
        "maximum_pods": 4,
        "environment": {"AWS_ENDPOINT_URL": os.environ.get("INTERMODAL_POD_ENDPOINT", "http://10.244.0.1:4599")},
    },
}

platform = Platform(
    "shared",
    {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"], "endpoints": ["ssm"]},  # where the settings are
        **{target: clusters[target] for target in targets if target in clusters},
    },
)
photographs = s3.Bucket("photographs", force_destroy=True)
notifications = enable_bucket_events("photographs", photographs.bucket)
orders = sns.Topic("orders")
settings = ssm.Parameter("settings", type="String", value=json.dumps({"largest_side": 320}))


def thumbnails(name: str) -> ContainerFunction:
    """Create the function; each one takes the events that name it."""
    return ContainerFunction(
        name,
        {
            "platform": platform.handle,
            "vpc": True,
            "drain_before_delete": False,  # `make down` deletes services at work
            "image": {"build": "examples/thumbnails"},
            "links": [read(photographs), write(photographs), read(settings)],
            "sources": [
                {"bucket": {"bucket": photographs.bucket, "prefix": f"{name}/photographs/"}},
                {"bus": {"pattern": {"detail-type": ["ThumbnailRequested"], "detail": {"function": [name]}}}},
                {"topic": {"arn": orders.arn, "filter": {"function": [name]}}},
                {"schedule": {"expression": "rate(1 minute)", "input": {"id": f"every-minute-{name}", "report": True}}},
                {"queue": {}},
            ],
            **placement(name),
        },
        pulumi.ResourceOptions(providers=platform.providers),
    )


pulumi.export("bucket", photographs.bucket)
pulumi.export("topic_arn", orders.arn)
for target in targets:
    function = thumbnails(FUNCTIONS[target])
    outputs = {
        "inbox_url": function.inbox_url,
        "dead_letters_arn": function.dead_letters_arn,
        "log_group": function.log_group_name,
        "lanes": function.lanes,
    }
    pulumi.export(FUNCTIONS[target], outputs)

"""Create a bucket for photographs, and a function that creates their thumbnails on each target, in a VPC."""

import json
import os
from typing import Any

import pulumi
from pulumi_aws import s3, sns, ssm

from intermodal import ContainerFunction, Platform, on, placements, read, write

FUNCTIONS = {"lambda": "thumbnails", "ecs": "thumbnails-ecs", "kubernetes": "thumbnails-kubernetes"}
"""Function name by target. All functions have the same definition; the stack file sets their targets."""

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

chosen: Any = {target: clusters[target] for target in targets if target in clusters}
platform = Platform(
    "shared",
    chosen,
    network={"zones": ["eu-central-1a", "eu-central-1b"], "endpoints": ["ssm"]},  # for reading the settings
)
photographs = s3.Bucket("photographs", force_destroy=True)
orders = sns.Topic("orders")
settings = ssm.Parameter("settings", type="String", value=json.dumps({"largest_side": 320}))


def thumbnails(name: str) -> ContainerFunction:
    """Create the function `name`, which handles the events that contain its name."""
    return ContainerFunction(
        name,
        image="examples/thumbnails",
        platform=platform,
        vpc=True,
        drain_before_delete=False,  # lets `make down` delete busy services
        links=[read(photographs), write(photographs), read(settings)],
        sources=[
            on.bucket(photographs, prefix=f"{name}/photographs/"),
            on.bus({"detail-type": ["ThumbnailRequested"], "detail": {"function": [name]}}),
            on.topic(orders, filter={"function": [name]}),
            on.schedule("rate(1 minute)", input={"id": f"every-minute-{name}", "report": True}),
        ],
        **placement(name),
    )


pulumi.export("bucket", photographs.bucket)
pulumi.export("topic_arn", orders.arn)
for target in targets:
    function = thumbnails(FUNCTIONS[target])
    outputs = {
        "inbox_url": function.inbox_url,
        "dead_letters_arn": function.dead_letters_arn,
        "log_group": function.log_group_name,
        "lanes": function.lane_outputs,
    }
    pulumi.export(FUNCTIONS[target], outputs)

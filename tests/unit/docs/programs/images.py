"""Use an image from ECR by digest, and push images to a registry."""

import pulumi
from pulumi_aws import ecr

from intermodal import ContainerFunction, Platform

config = pulumi.Config()

# --8<-- [start:uri]
scan = ContainerFunction("scan", image=config.require("image"), target="lambda")
# --8<-- [end:uri]

# --8<-- [start:registry]
platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]}, registry={})
ContainerFunction("receipt", image="function", target="lambda", platform=platform)
# --8<-- [end:registry]

# --8<-- [start:adapter]
repository = ecr.Repository("adapter")
clusters = Platform(
    "clusters",
    network={"zones": ["eu-central-1a", "eu-central-1b"], "targets": ["ecs"]},
    ecs={},
    adapter={"build": "runtime", "repository": repository.repository_url},
)
# --8<-- [end:adapter]

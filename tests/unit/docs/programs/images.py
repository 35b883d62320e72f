"""Use an image from ECR by digest, and push images to a registry."""

import pulumi
import pulumi_docker_build as docker_build
from pulumi_aws import ecr

from intermodal import ContainerFunction, Platform

config = pulumi.Config()

# --8<-- [start:uri]
scan = ContainerFunction("scan", image=config.require("image"), target="lambda")
# --8<-- [end:uri]

# --8<-- [start:own]
own = ecr.Repository("own")
image = docker_build.Image(
    "analyze",
    context={"location": "function"},
    platforms=[docker_build.Platform.LINUX_AMD64],
    tags=[own.repository_url.apply(lambda url: f"{url}:latest")],
    push=True,
)
ContainerFunction("analyze", image=image, target="lambda")
# --8<-- [end:own]

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

"""Use the shorthands: strings of closed sets, image references, folders."""

import pulumi
import pulumi_docker_build as docker_build
from pulumi_aws import ecr

from intermodal import ContainerFunction, Network, Platform

repository = ecr.Repository("scan")
platform = Platform("shared", network={"zones": ["eu-central-1a"], "nat": "single", "ip_family": "ipv4"}, ecs={})
Network("own", zones=["eu-central-1a"], nat="per-zone")
Platform("dict", {"network": {"zones": ["eu-central-1a"], "nat": "single"}, "bus": {}})

image = docker_build.Image("scan", push=True, tags=[repository.repository_url])
ContainerFunction("image", image=image, target="lambda")
ContainerFunction("folder", image="functions/scan", target="lambda", architecture="arm64")
ContainerFunction("uri", image="123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:0", target="lambda")
ContainerFunction("output", image=repository.repository_url, target="ecs", platform=platform, vpc=True)
ContainerFunction(
    "dict", {"image": "functions/scan", "target": "lambda", "trust": ["lambda", {"service": "ecs-tasks"}]}
)
ContainerFunction(
    "lanes",
    {"image": {"build": "functions/scan"}, "platform": platform.handle, "vpc": True},
    pulumi.ResourceOptions(protect=True),
    lanes=[{"name": "main", "target": "lambda", "share": 16}, {"name": "green", "target": "ecs"}],
)

"""Create a function in the VPC of a platform with an ECS cluster, in the zones from the stack file."""

from typing import Any

import pulumi
from pulumi_aws import ssm

from intermodal import ContainerFunction, Platform, read

config = pulumi.Config()
network: Any = {"zones": config.require_object("zones"), "targets": []}
platform = Platform("p", {"network": network, "ecs": {}, "adapter": {"uri": "registry.example/adapter:1"}})
definition: Any = {
    "platform": platform.handle,
    "vpc": True,
    "image": {"uri": config.require("image")},
    "target": "lambda",
    "links": [read(ssm.Parameter("settings", type="String", value="x"))],
}
function = ContainerFunction("scan", definition)

pulumi.export("role_arn", function.role_arn)

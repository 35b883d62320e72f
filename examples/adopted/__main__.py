"""Use an existing VPC, role and queue, which are set in the stack file and are not changed."""

import pulumi

from intermodal import ContainerFunction, Platform, on

config = pulumi.Config()

platform = Platform(
    "company",
    network={
        "existing": {
            "vpc_id": config.require("vpc_id"),
            "private_subnet_ids": config.require_object("private_subnet_ids"),
        }
    },
)
invoices = ContainerFunction(
    "invoices",
    image="function",
    target="lambda",
    platform=platform,
    vpc=True,
    role={"arn": config.require("role_arn")},
    sources=[on.queue({"arn": config.require("queue_arn"), "url": config.require("queue_url")})],
)

pulumi.export("role_arn", invoices.role_arn)
pulumi.export("security_group_id", invoices.security_group_id)

"""Create a platform's network without NAT, with endpoints or with NAT, or adopt one."""

import pulumi

from intermodal import Platform

config = pulumi.Config()

# --8<-- [start:created]
platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]})
# --8<-- [end:created]

# --8<-- [start:endpoints]
private = Platform(
    "private",
    network={
        "zones": ["eu-central-1a", "eu-central-1b"],
        "targets": ["ecs"],  # the endpoints needed to start tasks
        "endpoints": ["ssm"],  # what the handlers call
    },
    ecs={},
)
# --8<-- [end:endpoints]

# --8<-- [start:nat]
outbound = Platform("outbound", network={"zones": ["eu-central-1a", "eu-central-1b"], "nat": "single"})
# --8<-- [end:nat]

# --8<-- [start:existing]
company = Platform(
    "company",
    network={
        "existing": {
            "vpc_id": config.require("vpc_id"),
            "private_subnet_ids": config.require_object("private_subnet_ids"),
        }
    },
)
# --8<-- [end:existing]

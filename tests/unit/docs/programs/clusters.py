"""Create a platform's clusters, and limit how many runs each takes at a time."""

import pulumi

from intermodal import ContainerFunction, Platform

config = pulumi.Config()

# --8<-- [start:ecs]
tasks = Platform(
    "tasks",
    network={"zones": ["eu-central-1a", "eu-central-1b"], "targets": ["ecs"]},
    ecs={"capacity_provider": "FARGATE_SPOT"},
)
# --8<-- [end:ecs]

# --8<-- [start:existing]
platform = Platform(
    "jobs",
    kubernetes={
        "existing": {
            "kubeconfig": config.require("kubeconfig"),
            "oidc_provider_arn": config.require("oidc_provider_arn"),
        },
        "maximum_pods": 40,
    },
    adapter={"uri": config.require("adapter_image")},
)
scan = ContainerFunction(
    "scan",
    image=config.require("image"),
    target="kubernetes",
    platform=platform,
    maximum_concurrency=20,
)
# --8<-- [end:existing]

# --8<-- [start:created]
created = Platform(
    "created",
    network={"zones": ["eu-central-1a", "eu-central-1b"], "nat": "single"},
    kubernetes={
        "create": {
            "public_access_cidrs": ["203.0.113.0/24"],
            "administrators": {"ci": config.require("ci_role_arn")},
        }
    },
    adapter={"uri": config.require("adapter_image")},
)
# --8<-- [end:created]

"""Set the capacity of tasks and the scheduling of pods for one function."""

import pulumi

from intermodal import ContainerFunction, Platform

config = pulumi.Config()
IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
platform = Platform(
    "shared",
    network={"zones": ["eu-central-1a", "eu-central-1b"], "nat": "single"},
    ecs={},
    kubernetes={
        "existing": {
            "kubeconfig": config.require("kubeconfig"),
            "oidc_provider_arn": config.require("oidc_provider_arn"),
        }
    },
    adapter={"uri": config.require("adapter_image")},
)

# --8<-- [start:ecs]
ContainerFunction(
    "scan",
    image=IMAGE,
    target="ecs",
    platform=platform,
    vpc=True,
    ecs={
        "capacity_provider_strategies": [
            {"capacity_provider": "FARGATE", "base": 1},
            {"capacity_provider": "FARGATE_SPOT", "weight": 4},
        ],
        "minimum_tasks": 1,
    },
)
# --8<-- [end:ecs]

# --8<-- [start:kubernetes]
ContainerFunction(
    "train",
    image=IMAGE,
    target="kubernetes",
    platform=platform,
    memory_mib=4096,
    kubernetes={
        "memory_request_mib": 2048,
        "priority_class": "batch",
        "node_selector": {"disk": "ssd"},
        "tolerations": [{"key": "dedicated", "value": "batch", "effect": "NoSchedule"}],
        "annotations": {"team": "research"},
        "pod_patch": {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["db"]}]},
    },
)
# --8<-- [end:kubernetes]

"""Allow long runs on FARGATE_SPOT."""

from intermodal import ContainerFunction, Platform, Target

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
platform = Platform(
    "shared",
    {
        "network": {"zones": ["eu-central-1a"], "targets": ["ecs"]},
        "ecs": {"capacity_provider": "FARGATE_SPOT"},
        "adapter": {"uri": IMAGE},
    },
)

ContainerFunction(
    "scan",
    {"platform": platform.handle, "vpc": True, "image": {"uri": IMAGE}, "target": Target.ECS, "timeout_seconds": 600},
)

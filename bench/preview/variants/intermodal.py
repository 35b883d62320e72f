"""Declare container functions with intermodal."""

from bench.preview.variants import definition
from intermodal import ContainerFunction, Target


def declare(name: str) -> None:
    """Declare a container function with one Lambda lane and one bus source."""
    ContainerFunction(
        name,
        {
            "image": {"uri": definition.IMAGE},
            "target": Target.LAMBDA,
            "memory_mib": definition.MEMORY_MIB,
            "timeout_seconds": definition.TIMEOUT_SECONDS,
            "environment": {**definition.ENVIRONMENT},
            "permissions": [{"actions": ["ssm:GetParameter"], "resources": [definition.PARAMETERS]}],
            "sources": [{"bus": {"pattern": definition.PATTERN}}],
        },
    )

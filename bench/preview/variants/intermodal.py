"""Declare the same functions as container functions."""

from bench.preview.variants import definition
from intermodal import ContainerFunction, Target


def declare(name: str) -> None:
    """Declare a function with one lane on Lambda and one bus source."""
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

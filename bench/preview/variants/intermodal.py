"""The functions as container functions."""

from bench.preview.variants import definition
from intermodal import ContainerFunction, Target


def declare(name: str) -> None:
    """One lane on lambda, one bus source."""
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

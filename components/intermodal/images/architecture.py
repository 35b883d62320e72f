"""Instruction sets for container images."""

from enum import Enum
from typing import TYPE_CHECKING, Literal


class Architecture(Enum):
    """An image's instruction set."""

    X86_64 = "x86_64"
    """Intel and AMD processors."""
    ARM64 = "arm64"
    """AWS Graviton processors."""


if TYPE_CHECKING:
    ArchitectureLike = Architecture | Literal["x86_64", "arm64"]
else:
    ArchitectureLike = Architecture  # Pulumi's schema cannot express the union

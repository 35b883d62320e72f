"""Instruction sets that images are built for."""

from enum import Enum


class Architecture(Enum):
    """An image's instruction set."""

    X86_64 = "x86_64"
    """Intel and AMD processors."""
    ARM64 = "arm64"
    """AWS Graviton processors."""

"""Instruction sets of images."""

from enum import Enum


class Architecture(Enum):
    """Instruction set of an image."""

    X86_64 = "x86_64"
    """Intel and AMD."""
    ARM64 = "arm64"
    """Graviton."""

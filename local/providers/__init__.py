"""A stand-in for the pulumi-aws plugin, for machines where the official one cannot be had."""

from local.providers.shim import install

__all__ = ["install"]

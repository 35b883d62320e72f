"""Stand-ins for the plugins aws and kubernetes, for machines where the official ones cannot be had."""

from local.providers.shim import install

__all__ = ["install"]

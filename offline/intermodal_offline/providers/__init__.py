"""Stand-ins for the plugins aws, eks and kubernetes, for machines where the official ones cannot be had."""

from intermodal_offline.providers.facts import echoed
from intermodal_offline.providers.shim import install

__all__ = ["echoed", "install"]

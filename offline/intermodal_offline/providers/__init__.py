"""Stand-ins for the plugins aws, eks and kubernetes, for machines that cannot download the official ones."""

from intermodal_offline.providers.facts import echoed
from intermodal_offline.providers.shim import install

__all__ = ["echoed", "install"]

"""Provide offline aws, eks, and kubernetes providers for machines that cannot download the official plugins."""

from intermodal_offline.providers.facts import echoed
from intermodal_offline.providers.shim import install

__all__ = ["echoed", "install"]

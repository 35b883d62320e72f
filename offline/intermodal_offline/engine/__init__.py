"""Build the Pulumi engine from its Go modules."""

from intermodal_offline.engine.build import ensure

__all__ = ["ensure"]

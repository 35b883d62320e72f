"""The platform in a stack of its own; `functions` beside this folder stands on it."""

import pulumi

from intermodal import Platform

platform = Platform("shared", {"network": {"zones": ["eu-central-1a", "eu-central-1b"]}, "bus": {}})

pulumi.export("platform", platform.handle)

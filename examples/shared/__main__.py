"""Create a platform in its own stack; the `functions` example uses it."""

import pulumi

from intermodal import Platform

platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]}, bus={})

pulumi.export("platform", platform.handle)

"""Create a platform in a separate stack, which the `functions` example uses."""

import pulumi

from intermodal import Platform

platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]}, bus={})

pulumi.export("platform", platform.handle)

"""Read the platform that another stack exports."""

import pulumi

from intermodal import Platform

config = pulumi.Config()
reference = pulumi.StackReference(config.require("platform"))
platform = Platform.attach("p", reference, config.get("output") or "platform")

pulumi.export("handle", platform.handle)
pulumi.export("version_is", platform.handle.apply(lambda handle: type(handle["version"]).__name__))

"""Export a platform beside other outputs, or a handle as another release or a mistake would export it."""

import pulumi

from intermodal import IpFamily, Platform

wrong = pulumi.Config().get_object("wrong") or {}
handle = Platform("p", {"network": {"zones": ["eu-central-1a"], "ip_family": IpFamily.IPV4}}).handle

pulumi.export("password", pulumi.Output.secret("hunter2"))
pulumi.export("platform", handle.apply(lambda known: {**known, **wrong}))
pulumi.export("with_a_secret", handle.apply(lambda known: {**known, "bus_name": pulumi.Output.secret("x")}))

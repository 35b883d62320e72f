"""Create a network with the zones and the name from the stack file."""

import pulumi

from intermodal import Network

config = pulumi.Config()
aliases = [pulumi.Alias(name=old) for old in config.get_object("aliases") or []]
opts = pulumi.ResourceOptions(aliases=aliases)
network = Network(config.get("name") or "n", config.require_object("network"), opts)

pulumi.export("subnets", network.private_subnet_ids)

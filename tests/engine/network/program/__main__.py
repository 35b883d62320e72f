"""A network of the zones that the stack file names."""

import pulumi

from intermodal import Network

config = pulumi.Config()
network = Network("n", config.require_object("network"))

pulumi.export("subnets", network.private_subnet_ids)

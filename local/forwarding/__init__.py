"""Forward TCP connections between network namespaces.

A socket stays in the network namespace in which it was created, so a process enters the other one only briefly.
The machine needs no veth pair, address or firewall rule.
"""

from local.forwarding.address import Address, run_in_namespace, socket_at
from local.forwarding.forwarder import Forwarder, open_forwarder
from local.forwarding.forwarders import Forwarders

__all__ = ["Address", "Forwarder", "Forwarders", "open_forwarder", "run_in_namespace", "socket_at"]

"""Forward TCP connections between network namespaces.

A socket belongs for life to the namespace in which it was made, so a process needs only to visit the other one. No
cable (veth), address or firewall rule is added to the machine.
"""

from local.forwarding.address import Address, run_in_namespace, socket_at
from local.forwarding.forwarder import Forwarder, open_forwarder
from local.forwarding.forwarders import Forwarders

__all__ = ["Address", "Forwarder", "Forwarders", "open_forwarder", "run_in_namespace", "socket_at"]

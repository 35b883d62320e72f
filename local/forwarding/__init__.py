"""Forward TCP connections between network namespaces.

A socket belongs for life to the namespace that created it, so a process only visits the other namespace. The machine
needs no veth pair, address or firewall rule.
"""

from local.forwarding.address import Address, run_in_namespace, socket_at
from local.forwarding.forwarder import Forwarder, open_forwarder
from local.forwarding.forwarders import Forwarders

__all__ = ["Address", "Forwarder", "Forwarders", "open_forwarder", "run_in_namespace", "socket_at"]

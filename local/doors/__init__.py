"""Doors between network namespaces: what listens in one is answered by a server of another.

A socket belongs for life to the namespace in which it was made, so a process needs only to visit the other one. No
cable (veth), address or firewall rule is added to the machine.
"""

from local.doors.door import Door, open_door
from local.doors.keeper import Doors
from local.doors.place import Place, socket_at, within

__all__ = ["Door", "Doors", "Place", "open_door", "socket_at", "within"]

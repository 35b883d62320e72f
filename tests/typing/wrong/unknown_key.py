"""Use a key that does not exist, in both forms."""

from intermodal import ContainerFunction

ContainerFunction("scan", {"image": "scan", "target": "lambda", "memory": 512})

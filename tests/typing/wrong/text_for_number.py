"""Pass a string for a number."""

from intermodal import ContainerFunction

ContainerFunction("scan", image="scan", target="lambda", memory_mib="512")

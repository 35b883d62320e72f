"""Use a keyword that does not exist."""

from intermodal import ContainerFunction

ContainerFunction("scan", image="scan", target="lambda", memory=512)

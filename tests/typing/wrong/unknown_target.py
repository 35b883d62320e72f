"""Use a target that does not exist."""

from intermodal import ContainerFunction

ContainerFunction("scan", image="scan", target="lamda")

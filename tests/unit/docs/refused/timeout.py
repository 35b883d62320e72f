"""Set a timeout that is too long for Lambda."""

from intermodal import ContainerFunction

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

ContainerFunction("scan", image=IMAGE, target="lambda", timeout_seconds=3600)

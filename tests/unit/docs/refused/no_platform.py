"""Create a function on ECS without a platform."""

from intermodal import ContainerFunction

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

ContainerFunction("scan", image=IMAGE, target="ecs")

"""Use an image from a registry other than ECR on Lambda."""

from intermodal import ContainerFunction

ContainerFunction("scan", image="docker.io/acme/scan:1", target="lambda")

"""Use an image from a registry other than ECR on Lambda."""

from intermodal import ContainerFunction, Target

ContainerFunction("scan", {"image": {"uri": "docker.io/acme/scan:1"}, "target": Target.LAMBDA})

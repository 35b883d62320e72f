"""Set a timeout that is too long for Lambda."""

from intermodal import ContainerFunction, Target

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

ContainerFunction("scan", {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "timeout_seconds": 3600})

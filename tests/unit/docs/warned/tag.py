"""Use an image with a tag instead of a digest."""

from intermodal import ContainerFunction, Target

ContainerFunction(
    "scan", {"image": {"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"}, "target": Target.LAMBDA}
)

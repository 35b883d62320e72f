"""Create a public HTTP API without a request limit."""

from intermodal import ContainerFunction, Target

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

ContainerFunction(
    "hooks",
    {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "sources": [{"http": {"authorization": "none"}}]},  # type: ignore[typeddict-item]
)

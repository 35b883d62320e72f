"""Link to a service that is not reachable from the network."""

from pulumi_aws import ssm

from intermodal import ContainerFunction, Platform, Target, read

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
platform = Platform("shared", {"network": {"zones": ["eu-central-1a"]}})
settings = ssm.Parameter("settings", type="String", value="{}")

ContainerFunction(
    "scan",
    {
        "platform": platform.handle,
        "vpc": True,
        "image": {"uri": IMAGE},
        "target": Target.LAMBDA,
        "links": [read(settings)],
    },
)

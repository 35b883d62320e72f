"""Create a cluster whose add-ons come from registries that are reachable only through NAT."""

from intermodal import Platform

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/adapter@sha256:" + "0" * 64

Platform(
    "shared",
    {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"], "targets": ["kubernetes"]},
        "kubernetes": {"create": {}},
        "adapter": {"uri": IMAGE},
    },
)

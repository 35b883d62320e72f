"""Create a network from which ECS cannot pull images."""

from intermodal import Platform

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/adapter@sha256:" + "0" * 64

Platform("shared", {"network": {"zones": ["eu-central-1a"], "targets": []}, "ecs": {}, "adapter": {"uri": IMAGE}})

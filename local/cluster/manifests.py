"""Manifests for every local cluster."""

from pathlib import Path

SECURITY_GROUPS = Path(__file__).with_name("security_groups.yaml")
"""Custom resource definition of SecurityGroupPolicy, which EKS installs in its clusters."""

"""Manifests that every local cluster gets."""

from pathlib import Path

SECURITY_GROUPS = Path(__file__).with_name("security_groups.yaml")
"""The definition of SecurityGroupPolicy, which EKS installs into its clusters."""

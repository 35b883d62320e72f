"""Locate the manifests that every local cluster installs."""

from pathlib import Path

SECURITY_GROUPS = Path(__file__).with_name("security_groups.yaml")
"""CustomResourceDefinition for SecurityGroupPolicy, which EKS installs in its clusters."""

"""Register a platform with a Kubernetes cluster."""

from typing import Any

from intermodal import Platform
from tests.conftest import ACCOUNT, Cloud, Run

OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example/id/1"


def handle_of(cloud: Run, kubernetes: dict[str, Any]) -> dict[str, Any]:
    """Return the handle for a platform with this cluster."""
    seen: list[dict[str, Any]] = []
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": kubernetes,
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    cloud(lambda: Platform("p", args).handle.apply(seen.append))
    return seen[0]


def register_created(cloud: Run, network: dict[str, Any] | None = None, **create: Any) -> Cloud:
    """Register a platform that creates a cluster."""
    args: Any = {
        "network": network or {"zones": ["eu-central-1a", "eu-central-1b"], "targets": []},
        "kubernetes": {"create": create},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    return cloud(lambda: Platform("p", args))

"""Nodes for arm64 in a cluster that the platform creates: Auto Mode's own pool for workloads has amd64 alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import ResourceOptions
from pulumi_kubernetes import apiextensions

from intermodal.platform.labels import ARCHITECTURE

NODE_CLASS = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"}
"""There as long as one of the built-in pools is (EKS user guide, set-builtin-node-pools)."""

REQUIREMENTS: Sequence[Mapping[str, Any]] = (
    {"key": ARCHITECTURE, "operator": "In", "values": ["arm64"]},
    {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
    {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"]},
    {"key": "eks.amazonaws.com/instance-category", "operator": "In", "values": ["c", "m", "r"]},
    {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": ["4"]},
)
"""All but the architecture as of the built-in pool `general-purpose` (EKS user guide, set-builtin-node-pools)."""

LIFE = {"expireAfter": "336h", "terminationGracePeriod": "24h0m0s"}
"""Of a node, as of the built-in pools: after two weeks another one takes its place, and it waits a day for pods that
must not be disrupted, twice as long as a run can take. Karpenter's own 30 days are more than Auto Mode's 21."""


def create_arm64_pool(name: str, opts: ResourceOptions) -> None:
    """`{name}-arm64`: no node until a pod wants one."""
    apiextensions.CustomResource(
        f"{name}-arm64",
        api_version="karpenter.sh/v1",
        kind="NodePool",
        metadata={"name": f"{name}-arm64"},
        spec={
            "template": {
                "spec": {
                    "nodeClassRef": NODE_CLASS,
                    "requirements": list(REQUIREMENTS),
                    "taints": [{"key": ARCHITECTURE, "value": "arm64", "effect": "NoSchedule"}],
                    **LIFE,
                }
            },
            "disruption": {"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": "30s"},
        },
        opts=opts,
    )

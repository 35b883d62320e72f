"""Create an arm64 node pool for a new cluster, because Auto Mode's built-in pool for workloads has only amd64 nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import ResourceOptions
from pulumi_kubernetes import apiextensions

from intermodal.platform.labels import ARCHITECTURE

NODE_CLASS = {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"}
"""NodeClass that EKS retains while one of the built-in pools exists (EKS user guide, set-builtin-node-pools)."""

REQUIREMENTS: Sequence[Mapping[str, Any]] = (
    {"key": ARCHITECTURE, "operator": "In", "values": ["arm64"]},
    {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]},
    {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"]},
    {"key": "eks.amazonaws.com/instance-category", "operator": "In", "values": ["c", "m", "r"]},
    {"key": "eks.amazonaws.com/instance-generation", "operator": "Gt", "values": ["4"]},
)
"""Requirements copied from the built-in pool `general-purpose`, except for the architecture (EKS user guide,
set-builtin-node-pools)."""

LIFE = {"expireAfter": "336h", "terminationGracePeriod": "24h0m0s"}
"""Node lifetime, the same as in the built-in pools: two weeks, plus up to a day for pods that must not be disrupted. A
day is twice the longest run. Karpenter's default of 30 days exceeds Auto Mode's maximum of 21."""


def create_arm64_pool(name: str, opts: ResourceOptions) -> None:
    """Create `{name}-arm64`, a pool without nodes until a pod needs one."""
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

"""Adopt a service that already exists; IMPORTED is its ID, or empty after the import."""

import os
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

config = pulumi.Config()
kinds: Any = kubernetes
cluster = kubernetes.Provider("cluster", kubeconfig=config.require("kubeconfig"))
kinds.core.v1.Service(
    "main",
    metadata={"name": "adopted", "namespace": "default"},
    spec={"selector": {"app": "main"}, "ports": [{"name": "http", "port": 80}]},
    opts=pulumi.ResourceOptions(provider=cluster, import_=os.environ.get("VARIANT") or None),
)

"""Create a platform's ECS cluster, or use an existing cluster."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import ecs

from intermodal.platform.args import FARGATE, SPOT, EcsArgs

ALWAYS = (FARGATE, SPOT)
"""Capacity providers for all new clusters, which are free. ECS does not remove a capacity provider that tasks use, so
switching between them would otherwise wait for all tasks."""


def create_cluster(
    name: str, args: EcsArgs, tags: Mapping[str, Input[str]], parent: Resource
) -> Mapping[str, Input[Any]]:
    """Create `{name}-cluster` and its capacity, or use an existing cluster; return the values of `EcsFacts`."""
    provider = args.get("capacity_provider", FARGATE)
    if "existing" in args:
        return {"cluster_arn": args["existing"], "capacity_provider": provider}
    opts = ResourceOptions(parent=parent)
    cluster = ecs.Cluster(f"{name}-cluster", tags=tags, opts=opts)
    capacity = ecs.ClusterCapacityProviders(
        f"{name}-capacity", cluster_name=cluster.name, capacity_providers=_list_providers(provider), opts=opts
    )
    # Services refer to the capacity provider, so the cluster must have it before they are created.
    arn: Output[str] = Output.all(cluster.arn, capacity.id).apply(lambda known: str(known[0]))
    return {"cluster_arn": arn, "capacity_provider": provider}


def _list_providers(provider: Input[str]) -> Output[list[str]]:
    return Output.from_input(provider).apply(lambda name: sorted({*ALWAYS, name}))

"""The ECS cluster of a platform: created, or adopted."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions

from intermodal.platform.args import EcsArgs

FARGATE, SPOT = "FARGATE", "FARGATE_SPOT"
ALWAYS = (FARGATE, SPOT)
"""Providers that every created cluster has, because they cost nothing: ECS takes none away that a task still uses, so a
change from one to the other would wait for all tasks."""


@dataclass(frozen=True, kw_only=True)
class EcsCluster:
    """What the handle says of it."""

    arn: Input[str]
    capacity_provider: Input[str]


NO_CLUSTER = EcsCluster(arn="", capacity_provider="")


def create_cluster(name: str, args: EcsArgs, tags: Mapping[str, Input[str]], parent: Resource) -> EcsCluster:
    """`{name}-cluster` and its capacity, unless one exists."""
    provider = args.get("capacity_provider", FARGATE)
    if "existing" in args:
        return EcsCluster(arn=args["existing"], capacity_provider=provider)
    from pulumi_aws import ecs  # noqa: PLC0415 - only who has a cluster pays for the import

    opts = ResourceOptions(parent=parent)
    cluster = ecs.Cluster(f"{name}-cluster", tags=tags, opts=opts)
    capacity = ecs.ClusterCapacityProviders(
        f"{name}-capacity", cluster_name=cluster.name, capacity_providers=_providers(provider), opts=opts
    )
    # A service names its capacity provider, so it has to wait until the cluster has it.
    arn: Output[str] = Output.all(cluster.arn, capacity.id).apply(lambda known: str(known[0]))
    return EcsCluster(arn=arn, capacity_provider=provider)


def _providers(provider: Input[str]) -> Output[list[str]]:
    return Output.from_input(provider).apply(lambda name: sorted({*ALWAYS, name}))

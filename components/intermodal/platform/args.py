"""What a caller may say of a platform."""

from typing import NotRequired, TypedDict

from pulumi import Input

from intermodal.network.args import NetworkArgs


class BusArgs(TypedDict):
    """An EventBridge bus: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """Name of a bus that exists. Default: a new one."""


class AdapterArgs(TypedDict):
    """The image of the adapter, which runs beside the function's own off Lambda: exactly one of `uri` and `build`."""

    uri: NotRequired[Input[str]]
    """An image in a registry that the clusters can pull from, best by digest."""
    build: NotRequired[str]
    """Folder with its Dockerfile: the `runtime` of this project, or a copy of it."""


class EcsArgs(TypedDict):
    """An ECS cluster: a new one, or `existing`."""

    existing: NotRequired[Input[str]]
    """ARN of a cluster that exists, with the capacity provider that is named. Default: a new one."""
    capacity_provider: NotRequired[Input[str]]
    """Capacity provider that tasks are placed on: FARGATE, FARGATE_SPOT, or the name of one of yours on EC2.
    Default: FARGATE."""


class PlatformArgs(TypedDict):
    """Arguments of a Platform; each part exists only where it is named."""

    network: NotRequired[NetworkArgs]
    """The VPC: created, or adopted. Default: none, and no function can be in one."""
    bus: NotRequired[BusArgs]
    """A bus of the platform's own. Default: none; `default` is always there."""
    ecs: NotRequired[EcsArgs]
    """An ECS cluster for target `ecs`; functions on it run in the VPC of `network`. Default: none."""
    adapter: NotRequired[AdapterArgs]
    """The adapter's image. Default: built from the folder `runtime`, where a cluster is named."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every child that takes tags. Default: none."""


class PlatformHandle(TypedDict):
    """What functions need to know of a platform: flat, versioned and without secrets, so that it crosses stacks."""

    version: Input[int]
    """Version of this shape."""
    region: Input[str]
    """Region that everything is in."""
    account_id: Input[str]
    """Account that everything is in."""
    vpc_id: Input[str]
    """Id of the VPC; empty where there is none."""
    private_subnet_ids: Input[list[str]]
    """Subnets that functions run in; empty where there is no VPC."""
    dualstack: Input[bool]
    """Whether those subnets have IPv6 addresses."""
    bus_name: Input[str]
    """Name of the bus; empty where there is none."""
    bus_arn: Input[str]
    """ARN of the bus; empty where there is none."""
    adapter_image: Input[str]
    """Image of the adapter; empty where nothing runs off Lambda."""
    ecs_cluster_arn: Input[str]
    """ARN of the ECS cluster; empty where there is none."""
    ecs_capacity_provider: Input[str]
    """Capacity provider of its tasks; empty where there is no cluster."""

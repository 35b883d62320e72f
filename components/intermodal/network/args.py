"""Arguments of a network."""

from enum import Enum
from typing import NotRequired, TypedDict

from pulumi import Input


class IpFamily(Enum):
    """Address families of the subnets."""

    DUALSTACK = "dualstack"
    """IPv4 and IPv6; IPv6 egress uses a gateway without charge."""
    IPV4 = "ipv4"
    """IPv4 only."""


class Nat(Enum):
    """Egress of private subnets to the internet over IPv4."""

    NONE = "none"
    """None: AWS through endpoints, anything else over IPv6."""
    SINGLE = "single"
    """One NAT gateway, in the first zone of `zones`."""
    PER_ZONE = "per-zone"
    """One NAT gateway per zone; survives the loss of a zone."""


class ZoneSubnetsArgs(TypedDict):
    """CIDR blocks of the two subnets of one zone."""

    private: str
    """CIDR block of the private subnet."""
    public: str
    """CIDR block of the public subnet."""


class ExistingNetworkArgs(TypedDict):
    """An existing VPC, used without changes."""

    vpc_id: Input[str]
    """ID of the VPC."""
    private_subnet_ids: list[Input[str]]
    """Subnets of the functions; at most 16, the maximum of Lambda and ECS (their API references, VpcConfig)."""
    dualstack: NotRequired[bool]
    """Whether the subnets have IPv6 addresses. Default: False."""


class NetworkArgs(TypedDict):
    """Arguments of a Network: `zones` for a new one, or `existing`."""

    zones: NotRequired[list[str]]
    """Names of availability zones, such as `eu-central-1a`. Each gets a public and a private subnet."""
    cidr_block: NotRequired[str]
    """IPv4 CIDR block of the VPC, /16 to /24. Default: `10.0.0.0/16`."""
    subnets: NotRequired[dict[str, ZoneSubnetsArgs]]
    """CIDR blocks by zone, to override the computed ones. Default: a sixteenth of the VPC's block per subnet."""
    ip_family: NotRequired[IpFamily]
    """Address families of the subnets. Default: dualstack."""
    nat: NotRequired[Nat]
    """NAT gateways. Default: none."""
    targets: NotRequired[list[str]]
    """Targets (`lambda`, `ecs`, `kubernetes`) that must work without NAT; they determine the interface endpoints.
    Ignored with NAT, which reaches the same services. Default: none."""
    skip_endpoints: NotRequired[list[str]]
    """Services of `targets` to omit from the endpoints. Only `ecs` can be omitted: at most the protection of tasks
    needs it. Default: none."""
    endpoints: NotRequired[list[str]]
    """Services that functions call through an interface endpoint, such as `ssm` or `sqs`. Default: none."""
    existing: NotRequired[ExistingNetworkArgs]
    """An existing VPC; nothing is created."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every taggable child. Default: none."""

"""Arguments for a network."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class IpFamily(Enum):
    """Address families in the subnets."""

    DUALSTACK = "dualstack"
    """IPv4 and IPv6. IPv6 egress uses an egress-only internet gateway, which is free."""
    IPV4 = "ipv4"
    """IPv4 only."""


if TYPE_CHECKING:
    IpFamilyLike = IpFamily | Literal["dualstack", "ipv4"]
else:
    IpFamilyLike = IpFamily  # Pulumi's schema cannot express the union


class Nat(Enum):
    """IPv4 egress from private subnets to the internet."""

    NONE = "none"
    """No NAT gateway. Functions reach AWS services through endpoints, and other hosts over IPv6."""
    SINGLE = "single"
    """One NAT gateway, in the first of the `zones`."""
    PER_ZONE = "per-zone"
    """One NAT gateway per zone, so that egress works when a zone fails."""


if TYPE_CHECKING:
    NatLike = Nat | Literal["none", "single", "per-zone"]
else:
    NatLike = Nat  # Pulumi's schema cannot express the union


class ZoneSubnetsArgs(TypedDict):
    """CIDR blocks for the two subnets in a zone."""

    private: str
    """CIDR block for the private subnet."""
    public: str
    """CIDR block for the public subnet."""


class ExistingNetworkArgs(TypedDict):
    """An existing VPC, which is not changed."""

    vpc_id: Input[str]
    """VPC ID."""
    private_subnet_ids: list[Input[str]]
    """IDs of the subnets for functions, at most 16, the limit of Lambda and ECS (their API references, VpcConfig)."""
    dualstack: NotRequired[bool]
    """Whether the subnets have IPv6 addresses. Default: False."""


class NetworkArgs(TypedDict):
    """Arguments for a Network: set `zones` for a new VPC, or `existing`."""

    zones: NotRequired[list[str]]
    """Names of Availability Zones, such as `eu-central-1a`. Each zone has a public and a private subnet."""
    cidr_block: NotRequired[str]
    """IPv4 CIDR block for the VPC, /16 to /24. Default: `10.0.0.0/16`."""
    subnets: NotRequired[dict[str, ZoneSubnetsArgs]]
    """CIDR blocks by zone, which override the computed blocks. Default: one sixteenth of the VPC's block per subnet."""
    ip_family: NotRequired[IpFamilyLike]
    """Address families in the subnets. Default: dualstack."""
    nat: NotRequired[NatLike]
    """NAT gateways. Default: none."""
    targets: NotRequired[list[str]]
    """Targets (`lambda`, `ecs`, `kubernetes`) that must work without NAT, for which interface endpoints are created.
    Ignored with NAT, which makes the same services reachable. Default: the targets of the platform's clusters in this
    network; none for a network without a platform."""
    skip_endpoints: NotRequired[list[str]]
    """Services to omit from the endpoints that `targets` require. Only `ecs` can be omitted, because only task
    protection needs it. Default: none."""
    endpoints: NotRequired[list[str]]
    """Services that functions call through interface endpoints, such as `ssm` or `sqs`. Default: none."""
    existing: NotRequired[ExistingNetworkArgs]
    """Existing VPC to use instead of creating one."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for all taggable child resources. Default: none."""

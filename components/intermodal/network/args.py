"""Arguments for a network."""

from enum import Enum
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from pulumi import Input


class IpFamily(Enum):
    """Address families in the subnets."""

    DUALSTACK = "dualstack"
    """IPv4 and IPv6; IPv6 egress uses a gateway that costs nothing."""
    IPV4 = "ipv4"
    """IPv4 only."""


if TYPE_CHECKING:
    IpFamilyLike = IpFamily | Literal["dualstack", "ipv4"]
else:
    IpFamilyLike = IpFamily  # the part that Pulumi's schema can express


class Nat(Enum):
    """IPv4 egress from private subnets to the internet."""

    NONE = "none"
    """No NAT gateway: AWS services are reached through endpoints, anything else over IPv6."""
    SINGLE = "single"
    """One NAT gateway, in the first zone of `zones`."""
    PER_ZONE = "per-zone"
    """One NAT gateway per zone; egress survives the loss of a zone."""


if TYPE_CHECKING:
    NatLike = Nat | Literal["none", "single", "per-zone"]
else:
    NatLike = Nat  # the part that Pulumi's schema can express


class ZoneSubnetsArgs(TypedDict):
    """CIDR blocks for a zone's two subnets."""

    private: str
    """CIDR block for the private subnet."""
    public: str
    """CIDR block for the public subnet."""


class ExistingNetworkArgs(TypedDict):
    """An existing VPC, which is used unchanged."""

    vpc_id: Input[str]
    """VPC ID."""
    private_subnet_ids: list[Input[str]]
    """Subnets that functions run in; at most 16, the maximum in Lambda and ECS (their API references, VpcConfig)."""
    dualstack: NotRequired[bool]
    """Whether the subnets have IPv6 addresses. Default: False."""


class NetworkArgs(TypedDict):
    """Arguments for a Network: `zones` for a new VPC, or `existing`."""

    zones: NotRequired[list[str]]
    """Names of availability zones, such as `eu-central-1a`. Each gets a public and a private subnet."""
    cidr_block: NotRequired[str]
    """IPv4 CIDR block for the VPC, /16 to /24. Default: `10.0.0.0/16`."""
    subnets: NotRequired[dict[str, ZoneSubnetsArgs]]
    """CIDR blocks by zone, overriding the computed ones. Default: a sixteenth of the VPC's block per subnet."""
    ip_family: NotRequired[IpFamilyLike]
    """Address families in the subnets. Default: dualstack."""
    nat: NotRequired[NatLike]
    """NAT gateways. Default: none."""
    targets: NotRequired[list[str]]
    """Targets (`lambda`, `ecs`, `kubernetes`) that must work without NAT; they determine the interface endpoints.
    Ignored with NAT, through which the same services are reachable. Default: none."""
    skip_endpoints: NotRequired[list[str]]
    """Services required by `targets` to omit from the endpoints. Only `ecs` can be omitted: nothing but task protection
    needs it. Default: none."""
    endpoints: NotRequired[list[str]]
    """Services that functions call through an interface endpoint, such as `ssm` or `sqs`. Default: none."""
    existing: NotRequired[ExistingNetworkArgs]
    """An existing VPC; nothing is created."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags for every taggable child. Default: none."""

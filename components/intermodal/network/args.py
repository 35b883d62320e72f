"""What a caller may say of a network."""

from enum import Enum
from typing import NotRequired, TypedDict

from pulumi import Input


class IpFamily(Enum):
    """Which addresses subnets have."""

    DUALSTACK = "dualstack"
    """IPv4 and IPv6; IPv6 leaves by a gateway that costs nothing."""
    IPV4 = "ipv4"
    """IPv4 only."""


class Nat(Enum):
    """How private subnets reach the internet over IPv4."""

    NONE = "none"
    """Not at all: AWS is reached by endpoints, the rest by IPv6."""
    SINGLE = "single"
    """By one NAT gateway, in the first zone that is named."""
    PER_ZONE = "per-zone"
    """By one NAT gateway in each zone: the loss of a zone stops no other."""


class ZoneSubnetsArgs(TypedDict):
    """IPv4 blocks of the two subnets of one zone."""

    private: str
    """CIDR block of the private subnet."""
    public: str
    """CIDR block of the public subnet."""


class ExistingNetworkArgs(TypedDict):
    """A VPC that exists and is only used."""

    vpc_id: Input[str]
    """Id of the VPC."""
    private_subnet_ids: list[Input[str]]
    """Subnets that functions run in; at most 16, as Lambda and ECS take (their API references, VpcConfig)."""
    dualstack: NotRequired[bool]
    """Whether these subnets have IPv6 addresses. Default: False."""


class NetworkArgs(TypedDict):
    """Arguments of a Network: `zones` for a new one, or `existing`."""

    zones: NotRequired[list[str]]
    """Availability zones by name, such as `eu-central-1a`; they decide which subnets exist."""
    cidr_block: NotRequired[str]
    """IPv4 block of the VPC, /16 to /24. Default: `10.0.0.0/16`."""
    subnets: NotRequired[dict[str, ZoneSubnetsArgs]]
    """IPv4 blocks by zone, where the computed ones do not suit. Default: a sixteenth of the VPC's block each."""
    ip_family: NotRequired[IpFamily]
    """Addresses of the subnets. Default: dualstack."""
    nat: NotRequired[Nat]
    """NAT gateways. Default: none."""
    targets: NotRequired[list[str]]
    """Targets (`lambda`, `ecs`, `kubernetes`) that must work without NAT: they decide which interface endpoints
    exist; ignored where there is NAT, which reaches the same services. Default: none."""
    skip_endpoints: NotRequired[list[str]]
    """Services that `targets` would give an endpoint and that are known to need none: `ecs`, which only the protection
    of tasks may need. Default: none."""
    endpoints: NotRequired[list[str]]
    """Services that functions call by an interface endpoint, such as `ssm` or `sqs`. Default: none."""
    existing: NotRequired[ExistingNetworkArgs]
    """A VPC that exists. Nothing is created then."""
    tags: NotRequired[dict[str, Input[str]]]
    """Tags of every child that takes tags. Default: none."""

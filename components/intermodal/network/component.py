"""The Network component: a platform's VPC, new or existing."""

from collections.abc import Mapping
from typing import Unpack, cast

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_aws import ec2

from intermodal.network import subnets
from intermodal.network.args import NetworkArgs
from intermodal.network.endpoints import create_endpoints
from intermodal.network.spec import NetworkSpec, resolve_network
from intermodal.problems.merge import merge_arguments

NO_ARGS = cast("NetworkArgs", {})
"""Default for the dict in calls that pass only keywords."""

ANYWHERE, ANYWHERE_IPV6 = "0.0.0.0/0", "::/0"


class Network(ComponentResource):
    """The VPC that functions share.

    Creates:
        - nothing if `existing` is set; otherwise:
        - `{name}-vpc` (aws.ec2.Vpc) and `{name}-internet` (InternetGateway); with dual stack, also `{name}-egress`
          (EgressOnlyInternetGateway)
        - `{name}-public` (RouteTable) with its routes
        - for each zone: `{name}-public-{zone}` and `{name}-private-{zone}` (Subnet, RouteTableAssociation), and a
          RouteTable for the private subnet
        - for each NAT gateway: `{name}-nat-{zone}` (Eip, NatGateway)
        - `{name}-endpoint-{service}` (VpcEndpoint) for s3 and dynamodb
        - for each service from `targets` and `endpoints`: `{name}-endpoint-{service}` (VpcEndpoint), and one
          `{name}-endpoints` (SecurityGroup) for all of them

    Example:
        Network("shared", zones=["eu-central-1a", "eu-central-1b"])

    Raises:
        DefinitionError: The definition is invalid; the error lists all problems.
    """

    vpc_id: Output[str]
    private_subnet_ids: Output[list[str]]
    public_subnet_ids: Output[list[str]]
    dualstack: Output[bool]

    def __init__(
        self,
        name: str,
        args: NetworkArgs = NO_ARGS,
        opts: ResourceOptions | None = None,
        **keywords: Unpack[NetworkArgs],
    ) -> None:
        """Create the network `name`, or use an existing VPC, from keywords, a dict, or both."""
        spec = resolve_network(name, merge_arguments(f'Network "{name}"', args, keywords))
        super().__init__("intermodal:index:Network", name, None, opts)
        if isinstance(spec, NetworkSpec):
            self._create(name, spec)
        else:
            self.vpc_id = Output.from_input(spec.vpc_id)
            self.private_subnet_ids = Output.all(*spec.private_subnet_ids)
            self.public_subnet_ids = Output.from_input([])
            self.dualstack = Output.from_input(spec.dualstack)
        self.register_outputs({key: getattr(self, key) for key in type(self).__annotations__})

    def _create(self, name: str, spec: NetworkSpec) -> None:
        vpc = _create_vpc(name, spec, self)
        gateway = _create_gateway(name, spec, vpc, self)
        tables = [public := _create_public_routes(name, spec, vpc, gateway, self)]
        public_subnets = {zone: _create_subnet(name, spec, vpc, zone, public=True, parent=self) for zone in spec.zones}
        for zone, subnet in public_subnets.items():
            _associate(f"{name}-public-{zone}", subnet, public, self)
        nats = {
            zone: _create_nat(f"{name}-nat-{zone}", spec, public_subnets[zone], gateway, self)
            for zone in spec.nat_zones
        }
        egress = _create_egress(name, spec, vpc, self)
        private = {}
        for zone in spec.zones:
            private[zone] = _create_subnet(name, spec, vpc, zone, public=False, parent=self)
            nat = nats.get(zone) or next(iter(nats.values()), None)
            table = _create_private_routes(f"{name}-private-{zone}", spec, vpc, (nat, egress), self)
            _associate(f"{name}-private-{zone}", private[zone], table, self)
            tables.append(table)
        create_endpoints(name, spec, vpc, tables, list(private.values()), self)
        self.vpc_id = vpc.id
        self.private_subnet_ids = Output.all(*[subnet.id for subnet in private.values()])
        self.public_subnet_ids = Output.all(*[subnet.id for subnet in public_subnets.values()])
        self.dualstack = Output.from_input(spec.dualstack)


def name_tags(spec: NetworkSpec, name: str) -> Mapping[str, Input[str]]:
    """Return a child resource's tags, including the Name that the console displays."""
    return {"Name": name, **spec.tags}


def _create_vpc(name: str, spec: NetworkSpec, parent: Resource) -> ec2.Vpc:
    return ec2.Vpc(
        f"{name}-vpc",
        cidr_block=str(spec.cidr),
        enable_dns_support=True,
        enable_dns_hostnames=True,
        assign_generated_ipv6_cidr_block=True if spec.dualstack else None,
        tags=name_tags(spec, f"{name}-vpc"),
        opts=ResourceOptions(parent=parent),
    )


def _create_subnet(
    name: str, spec: NetworkSpec, vpc: ec2.Vpc, zone: str, *, public: bool, parent: Resource
) -> ec2.Subnet:
    blocks, kind = spec.zones[zone], "public" if public else "private"
    block6 = None
    if spec.dualstack:
        block6 = vpc.ipv6_cidr_block.apply(lambda cidr: subnets.compute_ipv6(cidr, zone, public=public))
    return ec2.Subnet(
        f"{name}-{kind}-{zone}",
        vpc_id=vpc.id,
        availability_zone=zone,
        cidr_block=str(blocks.public if public else blocks.private),
        ipv6_cidr_block=block6,
        assign_ipv6_address_on_creation=True if spec.dualstack else None,
        tags=name_tags(spec, f"{name}-{kind}-{zone}"),
        opts=ResourceOptions(parent=parent),
    )


def _create_gateway(name: str, spec: NetworkSpec, vpc: ec2.Vpc, parent: Resource) -> ec2.InternetGateway:
    tags, opts = name_tags(spec, f"{name}-internet"), ResourceOptions(parent=parent)
    return ec2.InternetGateway(f"{name}-internet", vpc_id=vpc.id, tags=tags, opts=opts)


def _create_public_routes(
    name: str, spec: NetworkSpec, vpc: ec2.Vpc, gateway: ec2.InternetGateway, parent: Resource
) -> ec2.RouteTable:
    opts = ResourceOptions(parent=parent)
    table = ec2.RouteTable(f"{name}-public", vpc_id=vpc.id, tags=name_tags(spec, f"{name}-public"), opts=opts)
    ec2.Route(
        f"{name}-public-ipv4",
        route_table_id=table.id,
        destination_cidr_block=ANYWHERE,
        gateway_id=gateway.id,
        opts=opts,
    )
    if spec.dualstack:
        ec2.Route(
            f"{name}-public-ipv6",
            route_table_id=table.id,
            destination_ipv6_cidr_block=ANYWHERE_IPV6,
            gateway_id=gateway.id,
            opts=opts,
        )
    return table


def _create_egress(
    name: str, spec: NetworkSpec, vpc: ec2.Vpc, parent: Resource
) -> ec2.EgressOnlyInternetGateway | None:
    if not spec.dualstack:
        return None
    tags, opts = name_tags(spec, f"{name}-egress"), ResourceOptions(parent=parent)
    return ec2.EgressOnlyInternetGateway(f"{name}-egress", vpc_id=vpc.id, tags=tags, opts=opts)


def _create_nat(
    name: str, spec: NetworkSpec, subnet: ec2.Subnet, gateway: ec2.InternetGateway, parent: Resource
) -> ec2.NatGateway:
    """Create a NAT gateway and its Elastic IP address after the VPC's internet gateway.

    EC2 rejects both in a VPC without an internet gateway (Terraform registry, aws_nat_gateway and aws_eip: explicit
    dependency).
    """
    opts = ResourceOptions(parent=parent, depends_on=[gateway])
    address = ec2.Eip(name, domain="vpc", tags=name_tags(spec, name), opts=opts)
    return ec2.NatGateway(
        name, allocation_id=address.allocation_id, subnet_id=subnet.id, tags=name_tags(spec, name), opts=opts
    )


def _create_private_routes(
    name: str,
    spec: NetworkSpec,
    vpc: ec2.Vpc,
    gateways: tuple[ec2.NatGateway | None, ec2.EgressOnlyInternetGateway | None],
    parent: Resource,
) -> ec2.RouteTable:
    nat, egress = gateways
    opts = ResourceOptions(parent=parent)
    table = ec2.RouteTable(name, vpc_id=vpc.id, tags=name_tags(spec, name), opts=opts)
    if nat:
        ec2.Route(
            f"{name}-ipv4", route_table_id=table.id, destination_cidr_block=ANYWHERE, nat_gateway_id=nat.id, opts=opts
        )
    if egress:
        ec2.Route(
            f"{name}-ipv6",
            route_table_id=table.id,
            destination_ipv6_cidr_block=ANYWHERE_IPV6,
            egress_only_gateway_id=egress.id,
            opts=opts,
        )
    return table


def _associate(name: str, subnet: ec2.Subnet, table: ec2.RouteTable, parent: Resource) -> None:
    opts = ResourceOptions(parent=parent)
    ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id, opts=opts)

"""Create VPC endpoints, through which AWS services are reachable without internet access."""

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws
from pulumi import InvokeOptions, Resource, ResourceOptions
from pulumi_aws import ec2, vpc

from intermodal.arns import concat
from intermodal.network.spec import NetworkSpec, gateway_services

HTTPS = 443


def create_endpoints(
    name: str,
    spec: NetworkSpec,
    network: ec2.Vpc,
    tables: Sequence[ec2.RouteTable],
    private: Sequence[ec2.Subnet],
    parent: Resource,
) -> None:
    """Create gateway endpoints in all route tables and interface endpoints in all private subnets."""
    region = aws.get_region_output(opts=InvokeOptions(parent=parent)).region

    def create(service: str, **options: Any) -> None:
        ec2.VpcEndpoint(
            f"{name}-endpoint-{service}",
            vpc_id=network.id,
            service_name=concat("com.amazonaws.", region, ".", service),
            tags={"Name": f"{name}-{service}", **spec.tags},
            opts=ResourceOptions(parent=parent),
            **options,
        )

    for service in gateway_services():
        create(service, vpc_endpoint_type="Gateway", route_table_ids=[table.id for table in tables])
    if not spec.endpoints:
        return
    group = _create_group(name, spec, network, parent)
    for service in spec.endpoints:
        create(
            service,
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[subnet.id for subnet in private],
            security_group_ids=[group.id],
        )


def _create_group(name: str, spec: NetworkSpec, network: ec2.Vpc, parent: Resource) -> ec2.SecurityGroup:
    """Create a security group that allows HTTPS from the VPC's addresses."""
    opts = ResourceOptions(parent=parent)
    group = ec2.SecurityGroup(
        f"{name}-endpoints",
        vpc_id=network.id,
        description="Interface endpoints of AWS services, for addresses of the VPC",
        tags={"Name": f"{name}-endpoints", **spec.tags},
        opts=opts,
    )
    vpc.SecurityGroupIngressRule(
        f"{name}-endpoints-ipv4",
        security_group_id=group.id,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        cidr_ipv4=str(spec.cidr),
        tags=spec.tags,
        opts=opts,
    )
    if spec.dualstack:
        vpc.SecurityGroupIngressRule(
            f"{name}-endpoints-ipv6",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv6=network.ipv6_cidr_block,
            tags=spec.tags,
            opts=opts,
        )
    return group

"""Implement the functions that look up existing IAM roles, VPCs, and Availability Zones."""

from typing import Any

from intermodal_offline.providers.aws import ec2, iam, pairs
from intermodal_offline.providers.aws.invokes import reject_unsupported
from intermodal_offline.providers.cloud import Cloud
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.table import Invoke
from intermodal_offline.providers.values import Props


def role(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(arguments, "name", "tags")  # tags are accepted but do not filter the result
    found = cloud.client("iam").get_role(RoleName=arguments["name"])["Role"]
    used = found.get("RoleLastUsed", {})
    last = [{"lastUsedDate": used["LastUsedDate"].isoformat(), "region": used["Region"]}] if used else []
    return {
        "id": found["RoleName"], "name": found["RoleName"], "arn": found["Arn"], "path": found["Path"],
        "assumeRolePolicy": iam.text(found["AssumeRolePolicyDocument"]), "uniqueId": found["RoleId"],
        "createDate": found["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"), "description": found.get("Description", ""),
        "maxSessionDuration": found.get("MaxSessionDuration", 3600), "roleLastUseds": last,
        "permissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        "tags": pairs.to_tags(found.get("Tags", [])),
    }  # fmt: skip


VPC_FILTERS = {"cidrBlock": "cidr", "default": "is-default", "id": "vpc-id", "state": "state"}
SUPPORTED = {*VPC_FILTERS.values(), "cidr-block-association.cidr-block", "owner-id", "tag-key"}
"""Filters that the offline provider supports."""


def vpc_filters(arguments: Props) -> list[dict[str, Any]]:
    """Return the user's filters and a filter for each argument that selects a VPC."""
    own = [{"Name": one["name"], "Values": one["values"]} for one in arguments.get("filters", [])]
    for one in own:
        if one["Name"] not in SUPPORTED and not one["Name"].startswith("tag:"):
            supported = ", ".join(["tag:…", *sorted(SUPPORTED)])
            raise RefusedError(f"filter {one['Name']!r} is not supported (supported: {supported}); remove it.")
    given = [
        {"Name": name, "Values": [str(value).lower() if value is True else value]}
        for argument, name in VPC_FILTERS.items()
        if (value := arguments.get(argument))
    ]
    tags = [{"Name": f"tag:{key}", "Values": [value]} for key, value in arguments.get("tags", {}).items()]
    return own + given + tags


def vpc(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(arguments, *VPC_FILTERS, "filters", "tags", "region")
    region = arguments.get("region") or cloud.region
    client = cloud.client("ec2", region)
    found = client.describe_vpcs(Filters=vpc_filters(arguments))["Vpcs"]
    if len(found) != 1:
        raise RefusedError(f"exactly one VPC must match, got {len(found)}; change the search criteria.")
    (one,) = found
    identity, owner = one["VpcId"], one["OwnerId"]
    main = client.describe_route_tables(Filters=ec2.filters(**{"association.main": "true"}, vpc_id=identity))
    return {
        "id": identity, "arn": f"arn:{cloud.partition}:ec2:{region}:{owner}:vpc/{identity}", "ownerId": owner,
        "cidrBlock": one["CidrBlock"], "default": one["IsDefault"], "dhcpOptionsId": one["DhcpOptionsId"],
        "instanceTenancy": one["InstanceTenancy"], "state": one["State"], "region": region,
        "mainRouteTableId": main["RouteTables"][0]["RouteTableId"], "filters": arguments.get("filters", []),
        "tags": pairs.to_tags(one.get("Tags", [])), **blocks(one),
        **{name: attribute(client, identity, name) for name in ATTRIBUTES},
    }  # fmt: skip


ATTRIBUTES = ("enableDnsHostnames", "enableDnsSupport", "enableNetworkAddressUsageMetrics")


def attribute(client: Any, identity: str, name: str) -> bool:
    answer = client.describe_vpc_attribute(VpcId=identity, Attribute=name)
    return bool(answer[name[0].upper() + name[1:]]["Value"])


def blocks(found: dict[str, Any]) -> Props:
    """Return a VPC's CIDR blocks; the first IPv6 block is also a separate property."""
    old = [
        {"associationId": one["AssociationId"], "cidrBlock": one["CidrBlock"], "state": one["CidrBlockState"]["State"]}
        for one in found.get("CidrBlockAssociationSet", [])
    ]
    new = [
        {
            "associationId": one["AssociationId"], "ipv6CidrBlock": one["Ipv6CidrBlock"],
            "state": one["Ipv6CidrBlockState"]["State"],
        }
        for one in found.get("Ipv6CidrBlockAssociationSet", [])
    ]  # fmt: skip
    first = new[0] if new else {"associationId": "", "ipv6CidrBlock": ""}
    return {
        "cidrBlockAssociations": old, "ipv6CidrBlockAssociations": new, "ipv6AssociationId": first["associationId"],
        "ipv6CidrBlock": first["ipv6CidrBlock"],
    }  # fmt: skip


def quality(zone: dict[str, Any], name: str) -> Any:
    """Return the zone attribute that a filter compares."""
    member = "".join(part.capitalize() for part in name.split("-"))
    if member not in zone:
        raise RefusedError(f"filter {name!r} is not supported for Availability Zones; remove it from the local stack.")
    return zone[member]


def zones(cloud: Cloud, arguments: Props) -> Props:
    reject_unsupported(
        arguments, "allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "region", "state"
    )
    region = arguments.get("region") or cloud.region
    everything = bool(arguments.get("allAvailabilityZones"))
    answer = cloud.client("ec2", region).describe_availability_zones(AllAvailabilityZones=everything)
    conditions = [(one["name"], one["values"]) for one in arguments.get("filters", [])]
    conditions += [("state", [arguments["state"]])] if arguments.get("state") else []
    names, ids = arguments.get("excludeNames", []), arguments.get("excludeZoneIds", [])
    kept = [
        one
        for one in sorted(answer["AvailabilityZones"], key=lambda one: str(one["ZoneName"]))
        if one["ZoneName"] not in names
        and one["ZoneId"] not in ids
        and all(quality(one, name) in values for name, values in conditions)
    ]
    return {
        "id": region, "region": region, "names": [one["ZoneName"] for one in kept],
        "zoneIds": [one["ZoneId"] for one in kept], "groupNames": sorted({one["GroupName"] for one in kept}),
        "allAvailabilityZones": everything, "excludeNames": names,
        "excludeZoneIds": ids, "filters": arguments.get("filters", []), "state": arguments.get("state", ""),
    }  # fmt: skip


INVOKES: dict[str, Invoke] = {
    "aws:iam/getRole:getRole": role,
    "aws:ec2/getVpc:getVpc": vpc,
    "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
}

"""Apply supported filters in a Describe call, and reject unsupported ones.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html

ministack ignores filters that it does not support, so the call returns every resource. A provider's waiter may then
read the wrong resource and hang. The API reference page for each Describe call lists its filters.
"""

import functools
from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

from local.aws.ec2_answers import EC2, Answer, respond_error, serve
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_parse_filters"): ("params",),
    (EC2, "_resource_matches_tag_filters"): ("resource_id", "filters"),
}

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
TAGS = ("tag-key", "tag-value")

MINISTACKS: Mapping[str, Collection[str]] = {
    "DescribeFlowLogs": {"resource-id", *TAGS},
    "DescribeIamInstanceProfileAssociations": {"association-id", "instance-id", "state"},
    "DescribeImages": {
        "architecture", "description", "image-id", "is-public", "name", "owner-alias", "owner-id", "platform",
        "root-device-name", "root-device-type", "state", "tag-key", "virtualization-type",
    },
    "DescribeInstances": {"image-id", "instance-state-name", "instance-type", *TAGS},
    "DescribeInternetGateways": {"attachment.state", "attachment.vpc-id", "internet-gateway-id", "owner-id", *TAGS},
    "DescribeLaunchTemplates": {"launch-template-name", *TAGS},
    "DescribeManagedPrefixLists": {"owner-id", "prefix-list-id", "prefix-list-name", *TAGS},
    "DescribeNatGateways": {"state", "subnet-id", "vpc-id", *TAGS},
    "DescribeNetworkAcls": {"default", "vpc-id", *TAGS},
    "DescribePlacementGroups": {"group-name", "state", "strategy", *TAGS},
    "DescribePrefixLists": {"prefix-list-id", "prefix-list-name", *TAGS},
    "DescribeRouteTables": {
        "association.main", "association.route-table-association-id", "association.subnet-id", "vpc-id", *TAGS,
    },
    "DescribeSecurityGroupRules": {"group-id", "security-group-rule-id", "tag-key"},
    "DescribeSecurityGroups": {"group-name", "vpc-id", *TAGS},
    "DescribeSnapshots": {
        "description", "encrypted", "owner-id", "progress", "snapshot-id", "start-time", "status", "storage-tier",
        "volume-id", "volume-size", *TAGS,
    },
    "DescribeSubnets": {"availability-zone", "cidr", "cidr-block", "cidrBlock", "default-for-az", "subnet-id",
                        "vpc-id", *TAGS},
    "DescribeTags": {"key", "resource-id", "resource-type", "value"},
    "DescribeVerifiedAccessEndpoints": TAGS,
    "DescribeVerifiedAccessGroups": TAGS,
    "DescribeVerifiedAccessInstances": TAGS,
    "DescribeVerifiedAccessTrustProviders": TAGS,
    "DescribeVolumes": {
        "attachment.attach-time", "attachment.delete-on-termination", "attachment.device", "attachment.instance-id",
        "attachment.status", "availability-zone", "create-time", "encrypted", "multi-attach-enabled", "size",
        "snapshot-id", "status", "volume-id", "volume-type", *TAGS,
    },
    "DescribeVpcEndpointServices": {"service-name", "service-type"},
    "DescribeVpcPeeringConnections": {"status-code", *TAGS},
    "DescribeVpcs": {"cidr", "cidr-block-association.cidr-block", "is-default", "owner-id", "state", "vpc-id", *TAGS},
    "DescribeVpnGateways": {"attachment.vpc-id", *TAGS},
}  # fmt: skip
"""Filters that ministack 1.5.33 supports, by call. A call that is in neither table supports no filters here."""

IPV6 = "ipv6CidrBlockAssociationSet/item"
OURS: Mapping[str, Mapping[str, str]] = {
    "DescribeAddresses": {
        "allocation-id": "allocationId",
        "association-id": "associationId",
        "domain": "domain",
        "instance-id": "instanceId",
        "public-ip": "publicIp",
    },
    "DescribeAvailabilityZones": {
        "group-name": "groupName",
        "opt-in-status": "optInStatus",
        "region-name": "regionName",
        "state": "zoneState",
        "zone-id": "zoneId",
        "zone-name": "zoneName",
        "zone-type": "zoneType",
    },
    "DescribeNetworkInterfaces": {
        "attachment.attachment-id": "attachment/attachmentId",
        "attachment.instance-id": "attachment/instanceId",
        "attachment.instance-owner-id": "attachment/instanceOwnerId",
        "attachment.status": "attachment/status",
        "availability-zone": "availabilityZone",
        "description": "description",
        "group-id": "groupSet/item/groupId",
        "interface-type": "interfaceType",
        "network-interface-id": "networkInterfaceId",
        "requester-id": "requesterId",
        "status": "status",
        "subnet-id": "subnetId",
        "vpc-id": "vpcId",
    },
    "DescribeSecurityGroups": {"group-id": "groupId"},
    "DescribeSubnets": {
        "availability-zone-id": "availabilityZoneId",
        "ipv6-cidr-block-association.association-id": f"{IPV6}/associationId",
        "ipv6-cidr-block-association.ipv6-cidr-block": f"{IPV6}/ipv6CidrBlock",
        "ipv6-cidr-block-association.state": f"{IPV6}/ipv6CidrBlockState/state",
        "state": "state",
    },
    "DescribeVpcEndpoints": {
        "service-name": "serviceName",
        "vpc-endpoint-id": "vpcEndpointId",
        "vpc-endpoint-state": "state",
        "vpc-endpoint-type": "vpcEndpointType",
        "vpc-id": "vpcId",
    },
    "DescribeVpcs": {
        "cidr-block-association.association-id": "cidrBlockAssociationSet/item/associationId",
        "ipv6-cidr-block-association.association-id": f"{IPV6}/associationId",
        "ipv6-cidr-block-association.ipv6-cidr-block": f"{IPV6}/ipv6CidrBlock",
        "ipv6-cidr-block-association.state": f"{IPV6}/ipv6CidrBlockState/state",
    },
}
"""Filters that this module adds, by call; each value is the path of the XML element to compare."""


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module, after every other patch that serves a Describe call."""
    for action in served():
        serve(ec2, action, functools.partial(_describe, ec2, action, ec2._ACTION_MAP[action]))


def served() -> frozenset[str]:
    """Return the Describe calls that ministack serves."""
    return frozenset(action for action in import_module(EC2)._ACTION_MAP if action.startswith("Describe"))


def known(action: str) -> frozenset[str]:
    """Return the filters that a call supports; `tag-key` includes `tag:…`."""
    return frozenset(MINISTACKS.get(action, ())) | OURS.get(action, {}).keys()


def _describe(ec2: Any, action: str, handler: Callable[[Any], Answer], params: Any) -> Answer:
    filters: dict[str, list[str]] = ec2._parse_filters(params)
    names = known(action)
    for name in filters:
        if name not in names and not (name.startswith("tag:") and "tag-key" in names):
            return respond_error(ec2, "InvalidParameterValue", f"The filter '{name}' is invalid")
    answer = handler(params)
    ours = {path: filters[name] for name, path in OURS.get(action, {}).items() if name in filters}
    return _select(ec2, answer, ours) if ours and answer[0] == 200 else answer


def _select(ec2: Any, answer: Answer, filters: Mapping[str, list[str]]) -> Answer:
    """Remove the items that do not match every filter from a response."""
    status, headers, body = answer
    root = ET.fromstring(body)  # noqa: S314 - ministack generated it
    for listed in root:
        for item in listed.findall("{*}item"):
            if not all(_matches(ec2, item, path, values) for path, values in filters.items()):
                listed.remove(item)
    ET.register_namespace("", NAMESPACE)
    return status, headers, ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _matches(ec2: Any, item: ET.Element, path: str, values: list[str]) -> bool:
    found = item.findall("/".join(f"{{*}}{part}" for part in path.split("/")))
    return any(ec2._glob_match(value, element.text or "") for element in found for value in values)

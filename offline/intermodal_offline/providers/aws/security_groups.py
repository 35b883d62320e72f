"""Implement aws:ec2 security groups and VPC endpoints, and aws:vpc security group rules."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws import ec2
from intermodal_offline.providers.compare import policy, unordered
from intermodal_offline.providers.table import Call, Field, Row, fields
from intermodal_offline.providers.values import UNKNOWN, Props

GROUP = fields(
    name="GroupName",
    namePrefix=Field(local=True),
    description="Description",
    vpcId="VpcId",
    revokeRulesOnDelete=Field(local=True),
)


def create_group(call: Call) -> str:
    return str(call.client.create_security_group(**wire.to_api(GROUP, call.props))["GroupId"])


def the_group(call: Call) -> dict[str, Any] | None:
    return ec2.only(call.client.describe_security_groups(GroupIds=[call.id])["SecurityGroups"])


def settle_group(call: Call) -> None:
    """Remove a new group's default egress rule, as the official provider does."""
    revoke(call, egress_only=True)


def revoke(call: Call, *, egress_only: bool) -> None:
    found = the_group(call) or {}
    if egress := found.get("IpPermissionsEgress"):
        call.client.revoke_security_group_egress(GroupId=call.id, IpPermissions=egress)
    if not egress_only and (ingress := found.get("IpPermissions")):
        call.client.revoke_security_group_ingress(GroupId=call.id, IpPermissions=ingress)


def read_group(call: Call) -> Props | None:
    found = the_group(call)
    if found is None:
        return None
    owner = found["OwnerId"]
    return {
        **wire.from_api(GROUP, found), "arn": ec2.arn(call, owner, f"security-group/{call.id}"), "ownerId": owner
    }  # fmt: skip


def delete_group(call: Call) -> None:
    if call.props.get("revokeRulesOnDelete"):
        revoke(call, egress_only=False)
    call.client.delete_security_group(GroupId=call.id)


RULE = fields(
    securityGroupId=Field(),
    description=Field(wire="Description", blank=""),
    ipProtocol="IpProtocol",
    fromPort=Field(wire="FromPort", blank=-1),
    toPort=Field(wire="ToPort", blank=-1),
    cidrIpv4="CidrIpv4",
    cidrIpv6="CidrIpv6",
    prefixListId="PrefixListId",
    referencedSecurityGroupId=Field(),
)
SIDES = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
# In calls that accept several rules: the name of the list for each type of peer, and the peer's key in its items.
NESTED = {
    "cidrIpv4": ("IpRanges", "CidrIp"), "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"), "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}  # fmt: skip
PORTS = ("ipProtocol", "fromPort", "toPort")


def direction(call: Call) -> str:
    return "egress" if call.type.endswith("EgressRule") else "ingress"


def create_rule(call: Call) -> str:
    permission = wire.to_api({name: RULE[name] for name in PORTS}, call.props)
    described = {"Description": text} if (text := call.props.get("description")) else {}
    side = next(name for name in SIDES if call.props.get(name))
    key, name = NESTED[side]
    permission[key] = [{name: call.props[side], **described}]
    authorize = getattr(call.client, f"authorize_security_group_{direction(call)}")
    made = authorize(GroupId=call.props["securityGroupId"], IpPermissions=[permission])
    return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])


def read_rule(call: Call) -> Props | None:
    found = ec2.only(call.client.describe_security_group_rules(SecurityGroupRuleIds=[call.id])["SecurityGroupRules"])
    if found is None or found["IsEgress"] != (direction(call) == "egress"):
        return None
    live = wire.from_api(RULE, found)
    if live["ipProtocol"] == "-1":  # EC2 returns -1 for both ports, and the official provider drops them
        live.pop("fromPort", None), live.pop("toPort", None)
    return {
        **live, "securityGroupId": found["GroupId"],
        "referencedSecurityGroupId": found.get("ReferencedGroupInfo", {}).get("GroupId"),
        "arn": found["SecurityGroupRuleArn"], "securityGroupRuleId": call.id,
    }  # fmt: skip


def update_rule(call: Call, changed: frozenset[str]) -> None:
    rule = wire.to_api(RULE, call.props, {"description", "fromPort", "toPort"} & changed - call.props.keys())
    if group := call.props.get("referencedSecurityGroupId"):
        rule["ReferencedGroupId"] = group
    call.client.modify_security_group_rules(
        GroupId=call.props["securityGroupId"],
        SecurityGroupRules=[{"SecurityGroupRuleId": call.id, "SecurityGroupRule": rule}],
    )


def delete_rule(call: Call) -> None:
    revoke_rule = getattr(call.client, f"revoke_security_group_{direction(call)}")
    revoke_rule(GroupId=call.props["securityGroupId"], SecurityGroupRuleIds=[call.id])


def rules(inputs: Props) -> list[tuple[str, str]]:
    if sum(bool(inputs.get(name)) for name in SIDES) == 1:
        return []
    return [("cidrIpv4", f"a rule requires exactly one of {', '.join(SIDES)}; set one.")]


def changes_kind(name: str) -> Any:
    """Return a function that returns True if the type of peer changes, which requires a replacement."""
    return lambda olds, news: bool(olds.get(name)) != bool(news.get(name))


RULE_ROW = Row(
    service="ec2",
    inputs=RULE,
    create=create_rule,
    read=read_rule,
    update=update_rule,
    delete=delete_rule,
    tagging=ec2.TAGGING,
    gone=frozenset({"InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound"}),
    rules=rules,
    replaced_if={name: changes_kind(name) for name in SIDES},
)

ENDPOINT = fields(
    vpcId="VpcId",
    serviceName="ServiceName",
    vpcEndpointType="VpcEndpointType",
    routeTableIds=Field(wire="RouteTableIds", normal=unordered),
    subnetIds=Field(wire="SubnetIds", normal=unordered),
    securityGroupIds=Field(wire="SecurityGroupIds", normal=unordered),
    privateDnsEnabled="PrivateDnsEnabled",
    policy=Field(wire="PolicyDocument", normal=policy),
)
MEMBERS = ("routeTableIds", "subnetIds", "securityGroupIds")


def create_endpoint(call: Call) -> str:
    return str(call.client.create_vpc_endpoint(**wire.to_api(ENDPOINT, call.props))["VpcEndpoint"]["VpcEndpointId"])


def read_endpoint(call: Call) -> Props | None:
    found = ec2.only(call.client.describe_vpc_endpoints(VpcEndpointIds=[call.id])["VpcEndpoints"])
    if found is None or found["State"].lower() == "deleted":
        return None
    listed = ec2.only(
        call.client.describe_prefix_lists(Filters=ec2.filters(prefix_list_name=found["ServiceName"]))["PrefixLists"]
    )
    owner = found["OwnerId"]
    gateway = listed if found["VpcEndpointType"] == "Gateway" else None
    return {
        **wire.from_api(ENDPOINT, found), "securityGroupIds": [one["GroupId"] for one in found["Groups"]],
        "arn": ec2.arn(call, owner, f"vpc-endpoint/{call.id}"), "ownerId": owner, "state": found["State"],
        "networkInterfaceIds": found.get("NetworkInterfaceIds", []),
        "dnsEntries": [
            {"dnsName": one["DnsName"], "hostedZoneId": one.get("HostedZoneId", "")}
            for one in found.get("DnsEntries", [])
        ],
        "prefixListId": gateway["PrefixListId"] if gateway else "", "cidrBlocks": gateway["Cidrs"] if gateway else [],
        "requesterManaged": bool(found.get("RequesterManaged")),
    }  # fmt: skip


def update_endpoint(call: Call, changed: frozenset[str]) -> None:
    live = read_endpoint(call) or {}
    parameters: Props = {}
    for name in frozenset(MEMBERS) & changed:
        old, new, kind = set(live.get(name, [])), set(call.props.get(name, [])), ENDPOINT[name].wire
        parameters |= {f"Add{kind}": sorted(new - old), f"Remove{kind}": sorted(old - new)}
    if "privateDnsEnabled" in changed:
        parameters["PrivateDnsEnabled"] = bool(call.props.get("privateDnsEnabled"))
    if "policy" in changed:
        given = call.props.get("policy")
        parameters |= {"PolicyDocument": given} if given else {"ResetPolicy": True}
    parameters = {name: value for name, value in parameters.items() if value != []}
    if parameters:
        call.client.modify_vpc_endpoint(VpcEndpointId=call.id, **parameters)


ROWS = {
    "aws:ec2/securityGroup:SecurityGroup": Row(
        service="ec2",
        inputs=GROUP,
        create=create_group,
        settle=settle_group,
        read=read_group,
        update=lambda call, changed: None,  # noqa: ARG005 - only revokeRulesOnDelete and tags are updated
        delete=delete_group,
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidGroup.NotFound"}),
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": RULE_ROW,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": RULE_ROW,
    "aws:ec2/vpcEndpoint:VpcEndpoint": Row(
        service="ec2",
        inputs=ENDPOINT,
        create=create_endpoint,
        read=read_endpoint,
        update=update_endpoint,
        delete=lambda call: call.client.delete_vpc_endpoints(VpcEndpointIds=[call.id]),
        tagging=ec2.TAGGING,
        gone=frozenset({"InvalidVpcEndpointId.NotFound"}),
        replaced_if={
            "privateDnsEnabled": lambda olds, news: (olds.get("vpcEndpointType") or UNKNOWN) != "Interface"  # noqa: ARG005
        },
    ),
}

"""Store security group rules that reference a prefix list.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html

ministack drops the prefix list.
"""

from typing import Any

from local.aws.ec2_answers import EC2
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_parse_ip_permissions"): ("params", "prefix"),
    (EC2, "_sg_rule_xml"): ("sg_id", "rule", "is_egress"),
    (EC2, "_parse_member_list"): ("params", "prefix"),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""
    parse, rule_xml = ec2._parse_ip_permissions, ec2._sg_rule_xml

    def parse_ip_permissions(params: Any, prefix: str) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = parse(params, prefix)
        for number, rule in enumerate(rules, 1):
            start = f"{prefix}.{number}.PrefixListIds.1"
            if found := ec2._p(params, f"{start}.PrefixListId"):
                described = {"Description": text} if (text := ec2._p(params, f"{start}.Description")) else {}
                rule["PrefixListIds"] = [{"PrefixListId": found, **described}]
        return rules

    def sg_rule_xml(sg_id: str, rule: dict[str, Any], is_egress: bool = False) -> str:
        xml: str = rule_xml(sg_id, rule, is_egress)
        for listed in rule.get("PrefixListIds", []):
            xml = xml.replace("<ipProtocol>", f"<prefixListId>{listed['PrefixListId']}</prefixListId><ipProtocol>")
        return xml

    ec2._parse_ip_permissions, ec2._sg_rule_xml = parse_ip_permissions, sg_rule_xml

"""Store a VPC endpoint's security groups, policy, and private DNS setting.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html

ministack drops all three.
"""

from typing import Any

from local.aws.ec2_answers import EC2, Answer, append_children, find_created_id, respond, serve
from local.aws.expected import Expected

MODULE = EC2

EXPECTED: Expected = {
    (EC2, "_create_vpc_endpoint"): ("p",),
    (EC2, "_modify_vpc_endpoint"): ("p",),
    (EC2, "_vpce_fields_xml"): ("ep", "tag"),
}


def apply(ec2: Any) -> None:
    """Patch ministack's ec2 module."""
    create, modify, fields_xml = ec2._create_vpc_endpoint, ec2._modify_vpc_endpoint, ec2._vpce_fields_xml
    everything = '{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}'

    def keep(endpoint: dict[str, Any], p: Any) -> None:
        for parameter, name in (("PolicyDocument", "PolicyDocument"), ("PrivateDnsEnabled", "PrivateDnsEnabled")):
            if value := ec2._p(p, parameter):
                endpoint[name] = value
        if ec2._p(p, "ResetPolicy") == "true":
            endpoint["PolicyDocument"] = everything
        kept = [g for g in endpoint.get("Groups", []) if g not in ec2._parse_member_list(p, "RemoveSecurityGroupId")]
        endpoint["Groups"] = kept + [
            g for parameter in ("SecurityGroupId", "AddSecurityGroupId") for g in ec2._parse_member_list(p, parameter)
        ]

    def create_vpc_endpoint(p: Any) -> Answer:
        answer: Answer = create(p)
        if made := find_created_id(answer, "vpcEndpointId"):
            keep(endpoint := ec2._vpc_endpoints[made], p)
            answer = respond(ec2, "CreateVpcEndpoint", vpce_fields_xml(endpoint, "vpcEndpoint"))
        return answer

    def modify_vpc_endpoint(p: Any) -> Answer:
        answer: Answer = modify(p)
        if answer[0] == 200:
            keep(ec2._vpc_endpoints[ec2._p(p, "VpcEndpointId")], p)
        return answer

    def vpce_fields_xml(ep: dict[str, Any], tag: str = "item") -> str:
        groups = "".join(f"<item><groupId>{group}</groupId></item>" for group in ep.get("Groups", []))
        private, policy = ep.get("PrivateDnsEnabled", "false"), ec2._esc(ep.get("PolicyDocument") or everything)
        more = (
            f"<groupSet>{groups}</groupSet><privateDnsEnabled>{private}</privateDnsEnabled>"
            f"<policyDocument>{policy}</policyDocument>"
        )
        return append_children(fields_xml(ep, tag), tag, more)

    ec2._vpce_fields_xml = vpce_fields_xml
    serve(ec2, "CreateVpcEndpoint", create_vpc_endpoint)
    serve(ec2, "ModifyVpcEndpoint", modify_vpc_endpoint)

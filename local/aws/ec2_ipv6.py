"""Add IPv6 CIDR blocks for VPCs and subnets to ministack's EC2 API."""

from collections.abc import Callable
from typing import Any

from local.aws.ec2_answers import Answer, hex_digits, respond, respond_error, serve


def block_set(owner: dict[str, Any], kind: str, more: str = "") -> str:
    """Return the XML for the association of an IPv6 CIDR block with a VPC or subnet."""
    if not owner.get("Ipv6CidrBlock"):
        return "<ipv6CidrBlockAssociationSet/>"
    return (
        f"<ipv6CidrBlockAssociationSet><item><ipv6CidrBlock>{owner['Ipv6CidrBlock']}</ipv6CidrBlock>"
        f"<associationId>{owner['Ipv6AssociationId']}</associationId>"
        f"<{kind}><state>associated</state></{kind}>{more}</item></ipv6CidrBlockAssociationSet>"
    )


def associate_block(owner: dict[str, Any], block: str, prefix: str) -> None:
    """Record a CIDR block in the record of a VPC or subnet."""
    owner |= {"Ipv6CidrBlock": block, "Ipv6AssociationId": f"{prefix}-cidr-assoc-{hex_digits(17)}"}


def serve_associations(ec2: Any, store: Any, kind: str, name: str, block: Callable[[Any], str]) -> None:
    """Serve the API actions that associate a CIDR block with a VPC or subnet and disassociate it."""

    def answer(root: str, owner: dict[str, Any], state: str) -> Answer:
        inner = (
            f"<{name}Id>{owner[kind + 'Id']}</{name}Id><ipv6CidrBlockAssociation>"
            f"<associationId>{owner['Ipv6AssociationId']}</associationId>"
            f"<ipv6CidrBlock>{owner['Ipv6CidrBlock']}</ipv6CidrBlock>"
            f"<ipv6CidrBlockState><state>{state}</state></ipv6CidrBlockState></ipv6CidrBlockAssociation>"
        )
        return respond(ec2, root, inner)

    def associate(p: Any) -> Answer:
        owner = store[ec2._p(p, f"{kind}Id")]
        associate_block(owner, block(p), name)
        return answer(f"Associate{kind}CidrBlock", owner, "associated")

    def disassociate(p: Any) -> Answer:
        association_id = ec2._p(p, "AssociationId")
        for owner in store.values():
            if owner.get("Ipv6AssociationId") == association_id:
                done = answer(f"Disassociate{kind}CidrBlock", owner, "disassociated")
                del owner["Ipv6CidrBlock"], owner["Ipv6AssociationId"]
                return done
        code = f"Invalid{kind}CidrBlockAssociationID.NotFound"
        return respond_error(ec2, code, f"The association ID '{association_id}' does not exist")

    serve(ec2, f"Associate{kind}CidrBlock", associate)
    serve(ec2, f"Disassociate{kind}CidrBlock", disassociate)

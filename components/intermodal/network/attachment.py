"""How a function is attached to the VPC of its platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource

from intermodal.errors import DefinitionError, Problem
from intermodal.function.spec import FunctionSpec
from intermodal.network.reach import HANGING, called_services, warn_of_unreached


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """Where a function's network interfaces are."""

    subnet_ids: Output[list[str]]
    security_group_id: Output[str]
    """The function's own."""
    security_group_ids: Sequence[Input[str]]
    """All of them, the function's own first."""
    dualstack: Output[bool]


def attach(spec: FunctionSpec, permissions: Resource, parent: Resource) -> Attachment | None:
    """The attachment, with a security group of the function's own; None outside a VPC."""
    if spec.platform is None or not spec.vpc:
        return None
    from intermodal.network.security_group import create_security_group  # noqa: PLC0415 - EC2's SDK takes a second

    # Key by key: while a zone is added, a preview does not know the subnets, and must not plan another security group.
    vpc_id = spec.platform["vpc_id"].apply(lambda known: with_network(spec.subject, known))
    group = create_security_group(spec, vpc_id, permissions, parent)
    warn_of_unreached(spec, called_services(spec), HANGING, parent)
    return Attachment(
        subnet_ids=spec.platform["private_subnet_ids"],
        security_group_id=group.id,
        security_group_ids=[group.id, *spec.security_group_ids],
        dualstack=spec.platform["dualstack"],
    )


def with_network(subject: str, vpc_id: str) -> str:
    """The VPC of a platform that has a network.

    Raises:
        DefinitionError: it has none.
    """
    if not vpc_id:
        text = "needs a platform with a network, and this one has none; give the platform one, or leave vpc out"
        raise DefinitionError(subject, [Problem(path="vpc", text=text)])
    return vpc_id

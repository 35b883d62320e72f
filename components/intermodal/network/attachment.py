"""Attachments of functions to their platform's VPC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi import Input, Output


@dataclass(frozen=True, kw_only=True)
class AttachmentArgs:
    """Arguments for attaching a function to a VPC."""

    function: str
    vpc_id: Output[str]
    subnet_ids: Output[list[str]]
    dualstack: Output[bool]
    security_group_ids: Sequence[Input[str]]
    """Security groups in addition to the function's security group."""
    tags: Mapping[str, Input[str]]


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """Subnets and security groups for a function's network interfaces."""

    subnet_ids: Output[list[str]]
    security_group_id: Output[str]
    """ID of the function's security group."""
    security_group_ids: Sequence[Input[str]]
    """All security group IDs, starting with the function's."""
    dualstack: Output[bool]

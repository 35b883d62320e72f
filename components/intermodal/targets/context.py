"""The context in which a target creates one lane."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource
from pulumi_aws import cloudwatch

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.events.inbox import Inbox
from intermodal.identity.role import Role
from intermodal.naming import LaneNames
from intermodal.network.attachment import Attachment
from intermodal.platform.facts import PlatformFacts


@dataclass(frozen=True, kw_only=True)
class LaneContext:
    """Everything that a target needs to create one lane."""

    name: str
    """`{function}-{lane}`, the prefix of every child's name."""
    function: FunctionSpec
    lane: LaneSpec
    names: LaneNames
    platform: Output[PlatformFacts] | None
    inbox: Inbox
    role: Role
    log_group: cloudwatch.LogGroup
    network: Attachment | None
    """Subnets and security groups for the network interfaces; None outside a VPC."""
    account: Input[str]
    region: Input[str]
    ready: Sequence[Resource]
    """Resources that must exist before anything consumes: the role's policies."""

    @property
    def required_platform(self) -> Output[PlatformFacts]:
        """The platform, for targets whose checks require one."""
        assert self.platform is not None  # noqa: S101 - see above
        return self.platform

"""Define the context from which a target creates a lane."""

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
    """Values that a target uses to create one lane."""

    name: str
    """`{function}-{lane}`, the name prefix of all child resources."""
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
    """Resources that must exist before messages are consumed: the role's policies."""

    @property
    def required_platform(self) -> Output[PlatformFacts]:
        """The platform, for targets whose checks require a platform."""
        assert self.platform is not None  # noqa: S101 - the target's checks require a platform
        return self.platform

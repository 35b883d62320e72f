"""What a target is to the rest of the library; nothing here knows which targets exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.errors import Problem
from intermodal.events.inbox import Inbox
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.identity.role import Role
from intermodal.network.attachment import Attachment


@dataclass(frozen=True, kw_only=True)
class LaneContext:
    """What a target is given to run one lane."""

    name: str
    """`{function}-{lane}`, the beginning of every child's name."""
    function: FunctionSpec
    lane: LaneSpec
    inbox: Inbox
    role: Role
    log_group: cloudwatch.LogGroup
    network: Attachment | None
    """Where its network interfaces are; None outside a VPC."""
    account: Input[str]
    """Account of everything."""
    region: Input[str]
    """Region of everything."""
    ready: Sequence[Resource]
    """What has to exist before anything consumes: the role's policies."""


TargetOutputs = Mapping[str, Output[Any]]


class Target(Protocol):
    """One way to consume an inbox."""

    @property
    def word(self) -> str:
        """The word in a definition."""

    @property
    def principals(self) -> Sequence[str]:
        """What the role must trust for this target: words of services, or `oidc` for the platform's cluster."""

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """What of this definition the target cannot honour."""

    def gate(self, function: FunctionSpec) -> FunctionSpec:
        """The same function, each value that is not known yet replaced by one that is checked when it is."""

    def deploy(self, context: LaneContext, opts: ResourceOptions) -> TargetOutputs:
        """Create the consumer; every child takes `opts` and nothing else is consumed before it is ready."""

"""A lane: one inbox and the target that consumes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws import cloudwatch, iam

from intermodal.events.inbox import Inbox, InboxArgs
from intermodal.events.sources import OpenEntry
from intermodal.function.spec import VISIBILITY_TIMEOUTS, FunctionSpec, LaneSpec
from intermodal.identity.role import create_consume
from intermodal.targets import TARGETS
from intermodal.targets.contract import LaneContext


@dataclass(frozen=True, kw_only=True)
class LaneDeployment:
    """Arguments of a Lane: made by a ContainerFunction, not by a caller."""

    function: FunctionSpec
    lane: LaneSpec
    entries: Sequence[OpenEntry]
    role: iam.Role
    permissions: iam.RolePolicy
    log_group: cloudwatch.LogGroup


class Lane(ComponentResource):
    """One way through a container function.

    Creates:
        - `{name}` (intermodal:index:Inbox)
        - `{name}-consume` (aws.iam.RolePolicy): the role may consume this inbox
        - the target's own resources
    """

    outputs: Output[dict[str, Any]]

    def __init__(self, name: str, args: LaneDeployment, opts: ResourceOptions | None = None) -> None:
        """Create the lane called `{function}-{lane}`."""
        super().__init__("intermodal:index:Lane", name, None, opts)
        self.inbox = self._create_inbox(name, args)
        consume = create_consume(name, args.role, self.inbox.arn, self)
        context = LaneContext(
            name=name,
            function=args.function,
            lane=args.lane,
            inbox=self.inbox,
            role=args.role,
            log_group=args.log_group,
            ready=[args.permissions, consume],
        )
        deployed = TARGETS[args.lane.target].deploy(context, ResourceOptions(parent=self))
        inbox = {"inbox_url": self.inbox.url, "inbox_arn": self.inbox.arn}
        dead_letters = {"dead_letters_arn": self.inbox.dead_letters_arn}
        self.outputs = Output.all(target=args.lane.target.value, **inbox, **dead_letters, **deployed)
        self.register_outputs({"outputs": self.outputs})

    def _create_inbox(self, name: str, args: LaneDeployment) -> Inbox:
        inbox = InboxArgs(
            visibility_timeout_seconds=_visibility(args.function.timeout_seconds),
            rule_arns=[arn for entry in args.entries for arn in entry.rule_arns],
            senders=[sender for entry in args.entries for sender in entry.entry.senders],
            protect=args.function.protect,
            tags=args.function.tags,
        )
        return Inbox(name, inbox, ResourceOptions(parent=self))


def _visibility(timeout_seconds: Input[int]) -> Input[int]:
    if isinstance(timeout_seconds, Output):
        return timeout_seconds.apply(lambda seconds: VISIBILITY_TIMEOUTS * seconds)
    return VISIBILITY_TIMEOUTS * cast("int", timeout_seconds)

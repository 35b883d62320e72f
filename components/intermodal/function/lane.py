"""The Lane component: one inbox and the target that consumes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws import cloudwatch, iam

from intermodal.definition.spec import LONGEST_VISIBILITY_SECONDS, VISIBILITY_TIMEOUTS, FunctionSpec, LaneSpec
from intermodal.events.inbox import Grant, Inbox, InboxArgs
from intermodal.identity.role import Role, create_consume
from intermodal.naming import LaneNames
from intermodal.network.attachment import Attachment
from intermodal.targets.context import LaneContext
from intermodal.targets.registry import load_deployment


@dataclass(frozen=True, kw_only=True)
class LaneDeployment:
    """Arguments for a Lane, which is created only by ContainerFunction."""

    function: FunctionSpec
    lane: LaneSpec
    grants: Sequence[Grant]
    role: Role
    permissions: iam.RolePolicy
    log_group: cloudwatch.LogGroup
    network: Attachment | None
    account: Input[str]
    region: Input[str]


class Lane(ComponentResource):
    """One lane of a container function.

    Creates:
        - `{name}` (intermodal:index:Inbox)
        - `{name}-consume` (aws.iam.RolePolicy): allows the role to consume the inbox
        - the target's resources
    """

    outputs: Output[dict[str, Any]]
    """Target, queues and target outputs."""

    def __init__(self, name: str, args: LaneDeployment, opts: ResourceOptions | None = None) -> None:
        """Create the lane `{function}-{lane}`."""
        super().__init__("intermodal:index:Lane", name, None, opts)
        self.inbox = Inbox(name, _inbox(args), ResourceOptions(parent=self))
        consume = create_consume(args.function.display_name, name, args.role, self.inbox.arn, self)
        context = LaneContext(
            name=name,
            function=args.function,
            lane=args.lane,
            names=LaneNames(pulumi.get_project(), pulumi.get_stack(), args.function.name, args.lane.name),
            platform=args.function.platform,
            inbox=self.inbox,
            role=args.role,
            log_group=args.log_group,
            network=args.network,
            account=args.account,
            region=args.region,
            ready=[args.permissions, consume],
        )
        consumer = load_deployment(args.lane.target).deploy(context, ResourceOptions(parent=self))
        self.target = args.lane.target
        self.resources = consumer.resources
        """The target's resources, as LambdaResources, EcsResources or KubernetesResources."""
        inbox = {
            "inbox_url": self.inbox.url,
            "inbox_arn": self.inbox.arn,
            "dead_letters_arn": self.inbox.dead_letters_arn,
        }
        self.outputs = Output.all(target=args.lane.target.value, **inbox, **consumer.outputs)
        self.register_outputs({"outputs": self.outputs})


def _inbox(args: LaneDeployment) -> InboxArgs:
    spec = args.function
    return InboxArgs(
        function=spec.name,
        display_name=spec.display_name,
        visibility_timeout_seconds=_visibility(spec.timeout_seconds, spec.batch.window_seconds),
        maximum_receives=spec.batch.maximum_receives,
        grants=args.grants,
        fifo=spec.fifo,
        protect=spec.protect,
        alarm_topic_arns=spec.alarm_topic_arns,
        tags=spec.tags,
        existing=spec.adopted_queue,
    )


def _visibility(timeout_seconds: Input[int], window_seconds: int) -> Input[int]:
    """Return the visibility timeout: six times the timeout plus the batch window, up to the maximum in SQS.

    AWS recommends it (Lambda developer guide, SQS queue settings).
    """

    def add_up(seconds: int) -> int:
        return min(VISIBILITY_TIMEOUTS * seconds + window_seconds, LONGEST_VISIBILITY_SECONDS)

    if isinstance(timeout_seconds, Output):
        return timeout_seconds.apply(add_up)
    return add_up(cast("int", timeout_seconds))

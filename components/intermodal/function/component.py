"""The ContainerFunction component, which runs one definition on any target."""

import dataclasses
from pkgutil import resolve_name
from typing import Any, Unpack

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.keywords import NO_ARGS, ContainerFunctionKeywords
from intermodal.definition.spec import FunctionSpec, display_name_of
from intermodal.events.contract import Destination, Source, SourceContext
from intermodal.events.factory import create_source
from intermodal.events.inbox import Inbox
from intermodal.events.undelivered import Undelivered, create_undelivered
from intermodal.function.arguments import permissions_args, role_args, undelivered_args
from intermodal.function.check import check_definition, check_pushed
from intermodal.function.lane import Lane, LaneDeployment
from intermodal.function.quotas import QuotaUsage
from intermodal.function.warnings import warn_about_loop, warn_about_tag
from intermodal.identity.role import ROLE, create_permissions, create_role
from intermodal.limits import Target
from intermodal.network.attachment import Attachment, AttachmentArgs
from intermodal.network.reach import HANGING, list_called_services, warn_if_unreachable
from intermodal.platform.facts import read_part, require_network
from intermodal.platform.handle import check_location
from intermodal.problems.errors import DefinitionError, Problem
from intermodal.problems.merge import merge_arguments
from intermodal.program import current_program

ATTACH = "intermodal.network.security_group:attach"
"""Loaded only for functions in a VPC, because importing the EC2 module takes a second."""

POD = "kubernetes:core/v1:Pod"
"""A resource type of the Kubernetes provider, used to find that provider."""


class ContainerFunction(ComponentResource):
    """A container image that handles events on its lanes' targets.

    Creates:
        - `{name}-role` (aws.iam.Role), unless `role` is set, and `{name}-permissions` (aws.iam.RolePolicy)
        - `{name}-logs` (aws.cloudwatch.LogGroup)
        - in a VPC: `{name}-security-group` (aws.ec2.SecurityGroup) and `{name}-egress-ipv4`; with dual stack, also
          `-ipv6`
        - unless it uses an existing queue: `{name}-undelivered` (aws.sqs.Queue) for events that never reached an inbox,
          with `-policy`, and with `-alarm` if AWS delivers a source's events
        - for each source: the resources for its kind, named `{name}-{source}-…`
        - for each lane: `{name}-{lane}` (intermodal:index:Lane)

    Example:
        ContainerFunction("hello", image={"build": "hello"}, target="lambda")

    Raises:
        DefinitionError: The definition is invalid; the error lists all problems known before the deployment.
    """

    image: Output[str]
    """Image reference. For a build folder, it contains the folder's path and a hash of its files."""
    role_arn: Output[str]
    role_name: Output[str]
    inbox_url: Output[str]
    inbox_arn: Output[str]
    dead_letters_arn: Output[str | None]
    """None for an existing queue."""
    log_group_name: Output[str]
    security_group_id: Output[str | None]
    """None outside a VPC."""
    lane_outputs: Output[dict[str, Any]]
    """Target, queues and target outputs, by lane."""
    endpoints: Output[dict[str, Any]]
    """URL and execution ARN (for `execute-api:Invoke`) of the HTTP sources, by source name."""

    def __init__(
        self,
        name: str,
        args: ContainerFunctionArgs = NO_ARGS,
        opts: ResourceOptions | None = None,
        **keywords: Unpack[ContainerFunctionKeywords],
    ) -> None:
        """Create the function `name` from keywords, a dict, or both."""
        spec = check_definition(name, merge_arguments(display_name_of(name), args, keywords))
        spec, opts = move_protection(spec, add_providers(spec, opts))
        super().__init__("intermodal:index:ContainerFunction", name, None, opts)
        self._refuse_ambient_cluster(spec)
        current_program().start_registrations()
        spec = _build_image(spec)
        account, region = self._account(), self._region()
        spec = self._check_location(spec, account, region)
        self._warn(spec)
        self.log_group = _create_logs(spec, self)
        self.role = create_role(role_args(spec, account), self)
        self._permissions = create_permissions(permissions_args(spec, self.log_group), self.role, self)
        self._network = self._attach(spec)
        sources = [_create_source(spec, source, account, self) for source in spec.sources]
        undelivered = None if spec.adopted_queue else create_undelivered(undelivered_args(spec), sources, self)
        self.undelivered = undelivered.queue if undelivered else None
        self.lanes = self._create_lanes(spec, sources, account, region)
        base = self.lanes[spec.base.name].inbox
        if undelivered:
            _connect_sources(sources, base, [lane.inbox.arn for lane in self.lanes.values()], undelivered)
        self.image = Output.from_input(spec.image)
        self.role_arn = self.role.arn
        self.role_name = self.role.name
        self.inbox_url = base.url
        self.inbox_arn = base.arn
        self.dead_letters_arn = base.dead_letters_arn
        self.log_group_name = self.log_group.name
        self.security_group_id = self._network.security_group_id if self._network else Output.from_input(None)
        self.lane_outputs = Output.all(**{name: lane.outputs for name, lane in self.lanes.items()})
        self.endpoints = Output.all(**{found.context.source.name: found.outputs for found in sources if found.outputs})
        self.register_outputs({key: getattr(self, key) for key in type(self).__annotations__})

    def _refuse_ambient_cluster(self, spec: FunctionSpec) -> None:
        """Require the platform's provider, without which a lane would be deployed to kubectl's current context."""
        for lane in spec.lanes:
            if lane.target is Target.KUBERNETES and self.get_provider(POD) is None:
                text = "needs its platform's kubernetes provider; pass ResourceOptions(providers=platform.providers)"
                raise DefinitionError(spec.display_name, [Problem(path=f"{lane.path}target", text=text)])

    def _account(self) -> Output[str]:
        """Return the AWS provider's account ID."""
        opts, provider = InvokeOptions(parent=self), self.get_provider(ROLE)
        return current_program().memoize(
            ("account", provider), lambda: aws.get_caller_identity_output(opts=opts).account_id
        )

    def _region(self) -> Output[str]:
        """Return the AWS provider's Region."""
        opts, provider = InvokeOptions(parent=self), self.get_provider(ROLE)
        return current_program().memoize(("region", provider), lambda: aws.get_region_output(opts=opts).region)

    def _check_location(self, spec: FunctionSpec, account: Output[str], region: Output[str]) -> FunctionSpec:
        """Return the spec with a check that the platform and the AWS provider use the same account and Region.

        The role does not depend on the check: while a zone is being added, a preview does not know the whole platform.
        """
        if spec.platform is None:
            return spec
        location = Output.all(spec.platform, account, region)
        platform = location.apply(lambda known: check_location(spec.display_name, *known), run_with_unknowns=True)
        return dataclasses.replace(spec, platform=platform)

    def _warn(self, spec: FunctionSpec) -> None:
        warn_about_tag(spec, self)
        warn_about_loop(spec, self)
        for warning in current_program().memoize("quota usage", QuotaUsage).add(spec):
            pulumi.warn(f"{spec.display_name}: {warning}.", self)

    def _attach(self, spec: FunctionSpec) -> Attachment | None:
        """Attach the function to its platform's VPC if `vpc` is set."""
        if spec.platform is None or not spec.vpc:
            return None
        # One field at a time: while a zone is added, a preview does not know the subnets and must not plan another
        # group.
        network = read_part(spec.platform, lambda facts: require_network(spec.display_name, facts))
        args = AttachmentArgs(
            function=spec.name,
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            dualstack=network.dualstack,
            security_group_ids=spec.security_group_ids,
            tags=spec.tags,
        )
        attachment: Attachment = resolve_name(ATTACH)(args, self._permissions, self)
        services = list_called_services(spec.permissions)
        warn_if_unreachable(spec.display_name, spec.platform.reachable_services, services, HANGING, self)
        return attachment

    def _create_lanes(
        self, spec: FunctionSpec, sources: list[Source], account: Output[str], region: Output[str]
    ) -> dict[str, Lane]:
        """Create the lanes. All inboxes allow all sources, so moving a lane only changes the destination ARNs."""
        return {
            lane.name: Lane(
                f"{spec.name}-{lane.name}",
                LaneDeployment(
                    function=spec,
                    lane=lane,
                    grants=[grant for source in sources for grant in source.grants],
                    role=self.role,
                    permissions=self._permissions,
                    log_group=self.log_group,
                    network=self._network,
                    account=account,
                    region=region,
                ),
                ResourceOptions(parent=self),
            )
            for lane in spec.lanes
        }


def _build_image(spec: FunctionSpec) -> FunctionSpec:
    """Return the spec with the digest reference of the image that the platform builds and pushes."""
    if spec.build is None:
        return spec
    pushed = spec.build.builder.build(spec.build.folder, spec.architecture)
    return check_pushed(dataclasses.replace(spec, image=pushed))


def add_providers(spec: FunctionSpec, opts: ResourceOptions | None) -> ResourceOptions | None:
    """Add the platform's providers to the options; providers that the caller passes take precedence."""
    if not spec.providers:
        return opts
    return ResourceOptions.merge(ResourceOptions(providers=list(spec.providers)), opts or ResourceOptions())


def move_protection(spec: FunctionSpec, opts: ResourceOptions | None) -> tuple[FunctionSpec, ResourceOptions | None]:
    """Move protection from `ResourceOptions(protect=True)` to the resources that hold data.

    All children inherit the option, and if a consumer were protected, the engine would reject every move.
    """
    if opts is None or not opts.protect:
        return spec, opts
    return dataclasses.replace(spec, protect=True), ResourceOptions.merge(opts, ResourceOptions(protect=False))


def _create_source(spec: FunctionSpec, source: Any, account: Input[str], parent: Resource) -> Source:
    context = SourceContext(
        name=f"{spec.name}-{source.name}",
        source=source,
        display_name=spec.display_name,
        account=account,
        alarm_topic_arns=spec.alarm_topic_arns,
        tags=spec.tags,
        parent=parent,
    )
    return create_source(context)


def _connect_sources(sources: list[Source], base: Inbox, inboxes: list[Output[str]], undelivered: Undelivered) -> None:
    destination = Destination(
        inbox=base,
        inboxes=inboxes,
        undelivered_arn=undelivered.arn,
        ready=[*base.policies, *undelivered.policies],
    )
    for source in sources:
        source.connect(destination)


def _create_logs(spec: FunctionSpec, parent: Resource) -> cloudwatch.LogGroup:
    return cloudwatch.LogGroup(
        f"{spec.name}-logs",
        retention_in_days=spec.log_retention_days,
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, retain_on_delete=spec.protect),
    )

"""ContainerFunction: one definition, run by any target."""

import dataclasses
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, InvokeOptions, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.errors import DefinitionError, Problem
from intermodal.events.contract import Destination, OpenSource, SourceContext
from intermodal.events.inbox import Inbox
from intermodal.events.sources import open_source
from intermodal.events.undelivered import Undelivered, create_undelivered
from intermodal.function.args import ContainerFunctionArgs, Target
from intermodal.function.lane import Lane, LaneDeployment
from intermodal.function.once import asked, declare, let_registrations_begin, program_tally
from intermodal.function.resolve import resolve
from intermodal.function.spec import FunctionSpec
from intermodal.function.warnings import warn_of_loop, warn_of_tag
from intermodal.identity.role import ROLE, create_permissions, create_role
from intermodal.network.attachment import attach
from intermodal.platform.handle import here
from intermodal.targets import TARGETS

POD = "kubernetes:core/v1:Pod"
"""What only a kubernetes provider makes."""


class ContainerFunction(ComponentResource):
    """A container image that handles events, on the target that its lanes name.

    Creates:
        - `{name}-role` (aws.iam.Role) unless `role` names one, and `{name}-permissions` (aws.iam.RolePolicy)
        - `{name}-logs` (aws.cloudwatch.LogGroup)
        - in a VPC `{name}-security-group` (aws.ec2.SecurityGroup) and `{name}-egress-ipv4`, with dual stack `-ipv6`
        - `{name}-undelivered` (aws.sqs.Queue) for what never reached an inbox, with `-policy` and `-alarm` where AWS
          delivers a source; not for a queue that exists
        - per source what its kind needs, named `{name}-{source}-…`
        - per lane `{name}-{lane}` (intermodal:index:Lane)

    Example:
        ContainerFunction("hello", {"image": {"build": "hello"}, "target": Target.LAMBDA, "sources": [{"queue": {}}]})

    Raises:
        DefinitionError: the definition is not possible; the text holds every problem that can be seen now.
    """

    role_arn: Output[str]
    role_name: Output[str]
    inbox_url: Output[str]
    inbox_arn: Output[str]
    dead_letters_arn: Output[str]
    log_group_name: Output[str]
    security_group_id: Output[str]
    """Empty outside a VPC."""
    lanes: Output[dict[str, Any]]
    endpoints: Output[dict[str, Any]]
    """URL and execution ARN (for `execute-api:Invoke`) of each HTTP source, by its name."""

    def __init__(self, name: str, args: ContainerFunctionArgs, opts: ResourceOptions | None = None) -> None:
        """Create the function called `name`."""
        spec, opts = with_protection(checked(name, args), opts)
        declare(spec.subject)
        super().__init__("intermodal:index:ContainerFunction", name, None, opts)
        self._refuse_ambient_cluster(spec)
        let_registrations_begin()
        account, region = self._account(), self._region()
        spec = self._here(spec, account, region)
        warn_of_tag(spec, self)
        warn_of_loop(spec, self)
        for warning in program_tally().add(spec):
            pulumi.warn(f"{spec.subject}: {warning}.", self)
        self._logs = _create_logs(spec, self)
        self._role = create_role(spec, account, services_of(spec), self)
        self._permissions = create_permissions(spec, self._role, self._logs, self)
        self._network = attach(spec, self._permissions, self)
        sources = [_open(spec, source, account, self) for source in spec.sources]
        undelivered = None if spec.adopted_queue else create_undelivered(spec, sources, self)
        lanes = self._create_lanes(spec, sources, account, region)
        base = lanes[spec.base.name].inbox
        if undelivered:
            _connect(sources, base, [lane.inbox.arn for lane in lanes.values()], undelivered)
        self.role_arn, self.role_name = self._role.arn, self._role.name
        self.inbox_url, self.inbox_arn, self.dead_letters_arn = base.url, base.arn, base.dead_letters_arn
        self.log_group_name = self._logs.name
        self.security_group_id = self._network.security_group_id if self._network else Output.from_input("")
        self.lanes = Output.all(**{lane: component.outputs for lane, component in lanes.items()})
        self.endpoints = Output.all(**{found.context.source.name: found.outputs for found in sources if found.outputs})
        self.register_outputs({key: getattr(self, key) for key in type(self).__annotations__})

    def _refuse_ambient_cluster(self, spec: FunctionSpec) -> None:
        """Without a provider of its platform a lane would land wherever kubectl happens to point."""
        for lane in spec.lanes:
            if lane.target is Target.KUBERNETES and self.get_provider(POD) is None:
                text = (
                    "needs the kubernetes provider of its platform; give ResourceOptions(providers=platform.providers)"
                )
                raise DefinitionError(spec.subject, [Problem(path=f'lane "{lane.name}": target', text=text)])

    def _account(self) -> Output[str]:
        """The account that the provider works in."""
        opts, provider = InvokeOptions(parent=self), self.get_provider(ROLE)
        return asked(("account", provider), lambda: aws.get_caller_identity_output(opts=opts).account_id)

    def _region(self) -> Output[str]:
        """The region that the provider works in."""
        opts, provider = InvokeOptions(parent=self), self.get_provider(ROLE)
        return asked(("region", provider), lambda: aws.get_region_output(opts=opts).region)

    def _here(self, spec: FunctionSpec, account: Output[str], region: Output[str]) -> FunctionSpec:
        """The spec with its platform checked: it must be where the provider works.

        Account and role do not wait for it: while a zone is added, a preview knows the handle no longer.
        """
        if spec.platform is None:
            return spec
        asked_for = Output.all(spec.platform, account, region)
        checked_platform = asked_for.apply(lambda known: here(spec.subject, *known), run_with_unknowns=True)
        return dataclasses.replace(spec, platform=checked_platform)

    def _create_lanes(
        self, spec: FunctionSpec, sources: list[OpenSource], account: Output[str], region: Output[str]
    ) -> dict[str, Lane]:
        """Every inbox lets every source in: moving the events is a change of the targets' ARN alone."""
        return {
            lane.name: Lane(
                f"{spec.name}-{lane.name}",
                LaneDeployment(
                    function=spec,
                    lane=lane,
                    grants=[grant for source in sources for grant in source.grants],
                    role=self._role,
                    permissions=self._permissions,
                    log_group=self._logs,
                    network=self._network,
                    account=account,
                    region=region,
                ),
                ResourceOptions(parent=self),
            )
            for lane in spec.lanes
        }


def checked(name: str, args: ContainerFunctionArgs) -> FunctionSpec:
    """The spec of a definition that its targets can honour.

    Raises:
        DefinitionError: with every problem at once.
    """
    spec, definition = resolve(name, args)
    for problem in [p for lane in spec.lanes for p in TARGETS[lane.target].check(spec, lane)]:
        if problem not in definition.problems:  # two lanes on one target have the same problem once
            definition.extend([problem])
    trusted = {statement.service or statement.kind for statement in spec.trust or ()}
    looked_at = spec.trust is not None and not any(problem.path.startswith("trust") for problem in definition.problems)
    for lane in spec.lanes if looked_at else ():
        for service in TARGETS[lane.target].principals:
            if service not in trusted:
                definition.add(
                    "trust",
                    f'must include {service}, because lane "{lane.name}" is on target {lane.target.value}; add it, or '
                    "leave trust out",
                )
    definition.finish()
    for lane in spec.lanes:
        spec = TARGETS[lane.target].gate(spec)
    return spec


def with_protection(spec: FunctionSpec, opts: ResourceOptions | None) -> tuple[FunctionSpec, ResourceOptions | None]:
    """Let `ResourceOptions(protect=True)` protect what holds data, and nothing that a move replaces.

    Children inherit the option, and an engine that refuses to delete a consumer refuses every move.
    """
    if opts is None or not opts.protect:
        return spec, opts
    return dataclasses.replace(spec, protect=True), ResourceOptions.merge(opts, ResourceOptions(protect=False))


def services_of(spec: FunctionSpec) -> list[str]:
    """What the role must trust for its lanes: words of services, or `oidc` for the platform's cluster."""
    return sorted({service for lane in spec.lanes for service in TARGETS[lane.target].principals})


def _open(spec: FunctionSpec, source: Any, account: Input[str], parent: Resource) -> OpenSource:
    context = SourceContext(
        name=f"{spec.name}-{source.name}",
        source=source,
        subject=spec.subject,
        account=account,
        alarm_topic_arns=spec.alarm_topic_arns,
        tags=spec.tags,
        parent=parent,
    )
    return open_source(context)


def _connect(sources: list[OpenSource], base: Inbox, inboxes: list[Output[str]], undelivered: Undelivered) -> None:
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

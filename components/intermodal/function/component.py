"""ContainerFunction: one definition, run by any target."""

from typing import Any

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal.events.sources import OpenEntry, connect, open_entry
from intermodal.function.args import ContainerFunctionArgs
from intermodal.function.lane import Lane, LaneDeployment
from intermodal.function.once import declare, let_registrations_begin
from intermodal.function.resolve import resolve
from intermodal.function.spec import FunctionSpec
from intermodal.identity.role import create_permissions, create_role
from intermodal.targets import TARGETS


class ContainerFunction(ComponentResource):
    """A container image that handles events, on the target that its lanes name.

    Creates:
        - `{name}-role` (aws.iam.Role) and `{name}-permissions` (aws.iam.RolePolicy)
        - `{name}-logs` (aws.cloudwatch.LogGroup)
        - per bus or bucket source `{name}-{source}-rule` (aws.cloudwatch.EventRule) and `…-target` (EventTarget)
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
    lanes: Output[dict[str, Any]]

    def __init__(self, name: str, args: ContainerFunctionArgs, opts: ResourceOptions | None = None) -> None:
        """Create the function called `name`."""
        spec = checked(name, args)
        declare(spec.subject)
        super().__init__("intermodal:index:ContainerFunction", name, None, opts)
        let_registrations_begin()
        self._logs = _create_logs(spec, self)
        self._role = create_role(spec, self)
        self._permissions = create_permissions(spec, self._role, self._logs, self)
        entries = [open_entry(name, source, spec.tags, self) for source in spec.sources]
        lanes = self._create_lanes(spec, entries)
        base = lanes[spec.base.name].inbox
        for entry in entries:
            connect(name, entry, base, self)
        self.role_arn, self.role_name = self._role.arn, self._role.name
        self.inbox_url, self.inbox_arn, self.dead_letters_arn = base.url, base.arn, base.dead_letters_arn
        self.log_group_name = self._logs.name
        self.lanes = Output.all(**{lane: component.outputs for lane, component in lanes.items()})
        self.register_outputs({key: getattr(self, key) for key in type(self).__annotations__})

    def _create_lanes(self, spec: FunctionSpec, entries: list[OpenEntry]) -> dict[str, Lane]:
        """Every inbox lets every entry in: moving the events is a change of the targets' ARN alone."""
        return {
            lane.name: Lane(
                f"{spec.name}-{lane.name}",
                LaneDeployment(
                    function=spec,
                    lane=lane,
                    entries=entries,
                    role=self._role,
                    permissions=self._permissions,
                    log_group=self._logs,
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
    trusted = {service.value for service in spec.trust}
    for lane in spec.lanes:
        for service in TARGETS[lane.target].principals:
            if service not in trusted:
                definition.add(
                    "trust",
                    f'must include {service}, which runs lane "{lane.name}"; add it, or leave trust out',
                )
    definition.finish()
    for lane in spec.lanes:
        spec = TARGETS[lane.target].gate(spec)
    return spec


def _create_logs(spec: FunctionSpec, parent: Resource) -> cloudwatch.LogGroup:
    return cloudwatch.LogGroup(
        f"{spec.name}-logs",
        retention_in_days=spec.log_retention_days,
        tags=spec.tags,
        opts=ResourceOptions(parent=parent, retain_on_delete=spec.protect),
    )

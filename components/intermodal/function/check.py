"""Resolve a definition and validate it against the targets of its lanes."""

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.gate import gate
from intermodal.definition.resolve import resolve
from intermodal.definition.spec import FunctionSpec
from intermodal.identity.trust import check_trusted
from intermodal.problems.validation import problems_of
from intermodal.targets.registry import checks_of


def check_definition(name: str, args: ContainerFunctionArgs) -> FunctionSpec:
    """Return the spec of a definition that its targets support.

    Raises:
        DefinitionError: with every problem at once.
    """
    spec, definition = resolve(name, args)
    value_checks = {lane.target: checks_of(lane.target).value_checks(spec) for lane in spec.lanes}
    for lane in spec.lanes:
        for field, check in value_checks[lane.target].items():
            definition.extend(problems_of(getattr(spec, field), check))
        definition.extend(checks_of(lane.target).check(spec, lane))
    needed = {
        f'lane "{lane.name}" is on target {lane.target.value}': checks_of(lane.target).TRUSTED for lane in spec.lanes
    }
    check_trusted(definition, spec.trust, needed)
    definition.finish()
    return gate(spec, value_checks.values())

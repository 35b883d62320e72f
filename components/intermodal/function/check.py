"""Resolve a definition and validate it against its lanes' targets."""

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.outputs import check_outputs
from intermodal.definition.resolve import resolve
from intermodal.definition.spec import FunctionSpec
from intermodal.identity.trust import check_trust
from intermodal.problems.validation import check_value
from intermodal.targets.registry import load_checks


def check_pushed(spec: FunctionSpec) -> FunctionSpec:
    """Return the spec with the pushed image validated by the targets' checks when it resolves."""
    checks = [load_checks(lane.target).value_checks(spec) for lane in spec.lanes]
    return check_outputs(spec, [{"image": found["image"]} for found in checks if "image" in found])


def check_definition(name: str, args: ContainerFunctionArgs) -> FunctionSpec:
    """Resolve a definition and check that its targets support it.

    Raises:
        DefinitionError: The definition is invalid; the error lists all problems.
    """
    spec, validator = resolve(name, args)
    value_checks = {lane.target: load_checks(lane.target).value_checks(spec) for lane in spec.lanes}
    for lane in spec.lanes:
        for field, check in value_checks[lane.target].items():
            validator.extend(check_value(getattr(spec, field), check))
        validator.extend(load_checks(lane.target).check(spec, lane))
    needed = {
        f'lane "{lane.name}" is on target {lane.target.value}': load_checks(lane.target).TRUSTED for lane in spec.lanes
    }
    check_trust(validator, spec.trust, needed)
    validator.raise_problems()
    return check_outputs(spec, value_checks.values())

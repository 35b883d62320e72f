"""Each behaviour of the ECS emulator cites an AWS documentation page, or is marked as ours."""

import ast
from pathlib import Path

import pytest

from tests.unit.local.ecs.sources import CONSTANTS, NO_RULES, RULES, Rule

HERE = Path(__file__).parents[4] / "local" / "aws" / "ecs"


def modules() -> dict[str, ast.Module]:
    """Return the modules' syntax trees by name."""
    return {path.stem: ast.parse(path.read_text()) for path in sorted(HERE.glob("*.py"))}


def defined_names(tree: ast.Module) -> set[str]:
    """Return a module's functions, methods and classes."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def numbers(tree: ast.Module) -> set[str]:
    """Return the names of a module's numeric constants."""
    found = set()
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(node.value, ast.Tuple) and len(names) > 1 else [node.value]
            for name, value in zip(names, values, strict=True):
                texts = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant)]
                plain = isinstance(value, ast.Constant | ast.BinOp) and all(
                    isinstance(one, int | float) for one in texts
                )
                if isinstance(name, ast.Name) and plain:
                    found.add(name.id)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.place)
def test_every_rule_refers_to_existing_code(rule: Rule) -> None:
    module, name = rule.place.split(":")
    assert name in defined_names(modules()[module])
    assert rule.behaviour
    assert rule.source


def test_every_deciding_module_has_a_rule() -> None:
    ruled = {rule.place.split(":")[0] for rule in RULES}
    assert ruled & NO_RULES.keys() == set()
    assert ruled | NO_RULES.keys() == modules().keys()


def test_every_deciding_function_has_a_rule() -> None:
    """Check the modules that contain only rules."""
    for module in ("rollout", "steps"):
        ruled = {rule.place.split(":")[1] for rule in RULES if rule.place.startswith(f"{module}:")}
        assert {node.name for node in modules()[module].body if isinstance(node, ast.FunctionDef)} <= ruled


def test_every_number_has_a_source_or_is_ours() -> None:
    found = {f"{module}:{name}" for module, tree in modules().items() for name in numbers(tree)}
    assert found == CONSTANTS.keys()

"""The `intermodal:` part of a stack file is read and checked."""

import json
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from intermodal import StackFileError, Target, placements
from intermodal.function.check import check_definition
from tests.conftest import IMAGE

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key in the namespace": (
        {"placment": {}},
        "The stack file: intermodal:placment is not an argument; use one of intermodal:placement, "
        "intermodal:functions, "
        'intermodal:protect; did you mean "intermodal:placement"?',
    ),
    "unknown key in a placement": (
        {"placement": {"scan": {"target": "lambda", "memoryMb": 512}}},
        "The stack file: intermodal:placement.scan.memoryMb is not an argument; use one of target, lane, "
        "lanes, maximumConcurrency, memoryMib, vcpu, architecture, timeoutSeconds, vpc, drainBeforeDelete; "
        'did you mean "memoryMib"?',
    ),
    "unknown function": (
        {"placement": {"scna": {"target": "lambda"}}},
        "The stack file: intermodal:placement.scna is not a function in this program, "
        'which has resize, scan; did you mean "scan"?',
    ),
    "unknown key in a lane": (
        {"placement": {"scan": {"lanes": [{"name": "main", "target": "lambda", "shares": 1}]}}},
        "The stack file: intermodal:placement.scan.lanes[0].shares is not an argument; use one of name, "
        "target, share, "
        'maximumConcurrency, paused; did you mean "share"?',
    ),
    "missing key in a lane": (
        {"placement": {"scan": {"lanes": [{"name": "main"}]}}},
        "The stack file: intermodal:placement.scan.lanes[0].target is required; set it.",
    ),
    "unknown target": (
        {"placement": {"scan": {"target": "lamda"}}},
        "The stack file: intermodal:placement.scan.target must be one of lambda, ecs, kubernetes, "
        'got "lamda"; did you mean "lambda"?',
    ),
    "functions that the program does not create": (
        {"functions": {"hello": {"image": "r/x:1", "target": "lambda"}}},
        "The stack file: intermodal:functions defines hello, but this program does not create them; "
        "call stack_functions(…) instead.",
    ),
    "unknown key in a function's source": (
        {"functions": {"hello": {"image": "r/x:1", "sources": [{"bus": {"patern": {}}}]}}},
        "The stack file has 2 problems:\n"
        "  - intermodal:functions.hello.sources[0].bus.patern is not an argument; use one of pattern, "
        "busName; "
        'did you mean "pattern"?\n'
        "  - intermodal:functions.hello.sources[0].bus.pattern is required; set it.",
    ),
    "unknown trust in a function": (
        {"functions": {"hello": {"image": "r/x:1", "trust": ["lamda"]}}},
        "The stack file: intermodal:functions.hello.trust[0] must be one of lambda, ecs-tasks, "
        'got "lamda"; did you mean "lambda"?',
    ),
    "a secret in a function": (
        {"functions": {"hello": {"image": "r/x:1", "environment": {"KEY": {"secure": "v1:abc"}}}}},
        "The stack file: intermodal:functions.hello.environment.KEY must not use secure:, because Pulumi passes "
        "the value in "
        "plain text; store it in Secrets Manager or SSM, and let the function read it with links and access: read.",
    ),
    "wrong type": (
        {"placement": {"scan": {"memoryMib": "much"}}},
        "The stack file: intermodal:placement.scan.memoryMib must be an integer, got 'much'.",
    ),
}


@pytest.fixture(autouse=True)
def no_config() -> Iterator[None]:
    yield
    pulumi.runtime.set_all_config({})


def config(values: dict[str, Any]) -> None:
    """Set the namespace as the engine does: objects as JSON."""
    pulumi.runtime.set_all_config({f"intermodal:{key}": json.dumps(value) for key, value in values.items()})


@pytest.mark.parametrize("case", BAD)
def test_invalid_placement_is_refused_with_advice(case: str) -> None:
    values, sentence = BAD[case]
    config(values)
    with pytest.raises(StackFileError) as refused:
        placements({"scan", "resize"})
    assert str(refused.value) == sentence


def test_all_problems_are_reported_at_once() -> None:
    config({"protct": True, "placement": {"scan": {"memory": 1}, "scam": {}}})
    with pytest.raises(StackFileError) as refused:
        placements({"scan"})
    assert {problem.path for problem in refused.value.problems} == {
        "intermodal:protct",
        "intermodal:placement.scan.memory",
        "intermodal:placement.scam",
    }


def test_stack_file_lanes_replace_the_target_in_the_code() -> None:
    lanes = [{"name": "main", "target": "lambda", "share": 16}, {"name": "green", "target": "lambda"}]
    code: dict[str, Any] = {"image": IMAGE}
    config({"placement": {"scan": {"lanes": lanes}}})
    spec = check_definition("scan", code | {"target": "lambda"} | dict(placements({"scan"})("scan")))  # type: ignore[arg-type]
    assert [lane.name for lane in spec.lanes] == ["main", "green"]
    config({"placement": {"scan": {"target": "lambda"}}})
    spec = check_definition("scan", code | {"lanes": lanes} | dict(placements({"scan"})("scan")))  # type: ignore[arg-type]
    assert [lane.name for lane in spec.lanes] == ["main"]


def test_placement_overlays_a_definition_in_its_spelling() -> None:
    config({"protect": True, "placement": {"scan": {"target": "lambda", "memoryMib": 1024, "timeoutSeconds": 9}}})
    overrides = {"target": Target.LAMBDA, "memory_mib": 1024, "timeout_seconds": 9, "protect": True}
    assert placements({"scan"})("scan") == {"placement": overrides}


def test_function_without_a_placement_is_unchanged() -> None:
    config({})
    assert placements({"scan"})("scan") == {"placement": {}}


def test_other_namespaces_are_ignored() -> None:
    pulumi.runtime.set_all_config({"aws:region": "eu-central-1", "intermodaly:key": "1"})
    assert placements({"scan"})("scan") == {"placement": {}}


def test_unknown_function_is_refused_with_a_suggestion() -> None:
    with pytest.raises(StackFileError, match=r'placement for "scam" is not available.*did you mean "scan"'):
        placements({"scan"})("scam")

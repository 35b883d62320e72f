"""A mistake has the same message in a stack file and in a program, except for the spelling of keys."""

from typing import Any

import pytest

from intermodal.function.check import check_definition
from intermodal.problems.errors import DefinitionError, IntermodalError, StackFileError
from intermodal.stack.file import read_stack_file
from tests.conftest import IMAGE

MISTAKES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a wrong word": ({"target": "lamda"}, {"target": "lamda"}),
    "a number in words": ({"memory_mib": "much"}, {"memoryMib": "much"}),
    "a timeout in words": ({"timeout_seconds": "1m"}, {"timeoutSeconds": "1m"}),
    "a vcpu in words": ({"vcpu": "two"}, {"vcpu": "two"}),
    "a flag in words": ({"vpc": "yes"}, {"vpc": "yes"}),
    "a number as a variable": ({"environment": {"PORT": 80}}, {"environment": {"PORT": 80}}),
    "a list as variables": ({"environment": ["PORT"]}, {"environment": ["PORT"]}),
    "a text as a list": ({"sources": "queue"}, {"sources": "queue"}),
    "a missing key": ({"sources": [{"topic": {}}]}, {"sources": [{"topic": {}}]}),
    "no block": ({"sources": [{"bucket": "photos"}]}, {"sources": [{"bucket": "photos"}]}),
    "a wrong word in a block": ({"trust": ["lamda"]}, {"trust": ["lamda"]}),
    "an unknown key in a block": (
        {"sources": [{"bucket": {"bucket": "b", "prefixx": "in/"}}]},
        {"sources": [{"bucket": {"bucket": "b", "prefixx": "in/"}}]},
    ),
}
"""Definition in a program, and the same one in a stack file."""


def sentences(error: IntermodalError) -> list[tuple[str, str]]:
    """Return path and text of each problem; a path begins at the function."""
    prefix = "intermodal:functions.scan."
    return [(problem.path.removeprefix(prefix), problem.text) for problem in error.problems]


@pytest.mark.parametrize("case", MISTAKES)
def test_mistake_has_the_same_message_in_code_and_stack_file(case: str) -> None:
    in_program, in_file = MISTAKES[case]
    with pytest.raises(DefinitionError) as refused:
        check_definition("scan", {"image": IMAGE, "target": "lambda", **in_program})  # type: ignore[typeddict-item]
    with pytest.raises(StackFileError) as refused_in_file:
        read_stack_file({"functions": {"scan": {"image": IMAGE, "target": "lambda", **in_file}}}, None)
    spelled = [(path.replace("memoryMib", "memory_mib").replace("timeoutSeconds", "timeout_seconds"), text)
               for path, text in sentences(refused_in_file.value)]  # fmt: skip
    assert spelled == sentences(refused.value)

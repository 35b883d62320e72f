"""A mistake has the same message in a stack file and in a program, except for the spelling of keys."""

from typing import Any

import pytest

from intermodal.function.check import check_definition
from intermodal.problems.errors import DefinitionError, IntermodalError, StackFileError
from intermodal.stack.file import read_stack_file
from tests.conftest import IMAGE

MISTAKES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "unknown choice": ({"target": "lamda"}, {"target": "lamda"}),
    "number as a string": ({"memory_mib": "much"}, {"memoryMib": "much"}),
    "timeout as a string": ({"timeout_seconds": "1m"}, {"timeoutSeconds": "1m"}),
    "vcpu as a string": ({"vcpu": "two"}, {"vcpu": "two"}),
    "boolean as a string": ({"vpc": "yes"}, {"vpc": "yes"}),
    "number as a variable": ({"environment": {"PORT": 80}}, {"environment": {"PORT": 80}}),
    "list as variables": ({"environment": ["PORT"]}, {"environment": ["PORT"]}),
    "string as a list": ({"sources": "queue"}, {"sources": "queue"}),
    "missing key": ({"sources": [{"topic": {}}]}, {"sources": [{"topic": {}}]}),
    "no block": ({"sources": [{"bucket": "photos"}]}, {"sources": [{"bucket": "photos"}]}),
    "unknown choice in a nested mapping": ({"trust": ["lamda"]}, {"trust": ["lamda"]}),
    "unknown key in a nested mapping": (
        {"sources": [{"bucket": {"bucket": "b", "prefixx": "in/"}}]},
        {"sources": [{"bucket": {"bucket": "b", "prefixx": "in/"}}]},
    ),
}
"""A definition in a program, and the same one in a stack file."""


def sentences(error: IntermodalError) -> list[tuple[str, str]]:
    """Return each problem's path and message; the path begins at the function."""
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

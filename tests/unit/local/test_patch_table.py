"""The AWS emulator's README lists every patch with its AWS documentation page and a test."""

import ast
import re

import pytest

from local import paths
from local.aws import patching
from local.aws.patches import describe_filters, function_batch_failures

AWS = paths.ROOT / "local" / "aws"
ROW = re.compile(
    r"^\| (?P<behaviour>.+?) \| \[.+?\]\((?P<page>\S+)\) "
    r"\| \[(?P<file>\S+\.py)\]\(patches/(?P=file)\) \| \[(?P<test>\w+)\]\((?P<tests>\S+)\) \|$",
    re.MULTILINE,
)
ROWS = list(ROW.finditer((AWS / "README.md").read_text()))
FILES = sorted(file.name for file in (AWS / "patches").glob("*.py") if file.name != "__init__.py")


def test_table_lists_each_file_once() -> None:
    assert [row["file"] for row in ROWS] == FILES


def test_every_patch_is_applied() -> None:
    applied = (*patching.OF_SERVICES, *patching.OF_FUNCTIONS, *patching.OF_TASKS, function_batch_failures)
    assert sorted(f"{patch.__name__.rpartition('.')[2]}.py" for patch in applied) == FILES


def test_describe_filters_patch_is_applied_last() -> None:
    """Check the order: a patch that wraps a Describe call later would lose the filters."""
    of_ec2 = [patch for patch in patching.OF_SERVICES if patch.MODULE.endswith(".ec2")]
    assert of_ec2[-1] is describe_filters


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_docstring_states_behaviour_and_source_page(row: re.Match[str]) -> None:
    text = ast.get_docstring(ast.parse((AWS / "patches" / row["file"]).read_text())) or ""
    assert text.splitlines()[0] == row["behaviour"]
    assert re.findall(r"^AWS: (\S+)$", text, re.MULTILINE) == [row["page"]]
    assert re.fullmatch(r"https://docs\.aws\.amazon\.com/\S+\.html", row["page"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_every_patchs_test_exists(row: re.Match[str]) -> None:
    tree = ast.parse((AWS / row["tests"]).resolve().read_text())
    assert row["test"] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}

"""The JSON schema for editors is committed and agrees with `validate`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from intermodal.cli import schema
from intermodal.cli.validate import find_problems
from tests.conftest import ROOT
from tests.unit.cli.conftest import Intermodal

COMMITTED = ROOT / "stacks" / "schema.json"
STACK_FILES = [ROOT / "stacks" / "Pulumi.local.yaml", ROOT / "examples" / "functions" / "Pulumi.dev.yaml"]

REFUSED: dict[str, tuple[Mapping[str, Any], str, str]] = {
    "misspelt key": (
        {"intermodal:placement": {"thumbnails": {"target": "lambda", "memoryMb": 512}}},
        "intermodal:placement.thumbnails",
        "memoryMb",
    ),
    "unknown key of the namespace": ({"intermodal:placment": {}}, "", "intermodal:placment"),
    "unknown target": (
        {"intermodal:placement": {"thumbnails": {"target": "lamda"}}},
        "intermodal:placement.thumbnails.target",
        "",
    ),
}
"""The path in `config` that an editor marks, and the key at that path that `validate` reports."""


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Return a validator of the committed schema; check that the schema itself is valid."""
    committed = json.loads(COMMITTED.read_text())
    Draft202012Validator.check_schema(committed)
    return Draft202012Validator(committed)


def test_committed_schema_is_current() -> None:
    remedy = "run `.venv/bin/intermodal schema --output stacks/schema.json` and commit what changed"
    assert COMMITTED.read_text() == schema.render_schema(), remedy


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_our_stack_files_are_accepted_and_reference_it(path: Path, validator: Draft202012Validator) -> None:
    validator.validate(yaml.safe_load(path.read_text()))
    assert list(find_problems(path)) == []
    first = path.read_text().splitlines()[0]
    assert (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve() == COMMITTED


@pytest.mark.parametrize("case", REFUSED)
def test_schema_and_validate_refuse_at_the_same_path(
    case: str, validator: Draft202012Validator, tmp_path: Path
) -> None:
    config, place, key = REFUSED[case]
    (error,) = validator.iter_errors({"config": config})
    assert [str(part) for part in error.absolute_path] == ["config", *filter(None, place.split("."))]
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(yaml.safe_dump({"config": dict(config)}))
    (problem,) = find_problems(path)
    assert problem.startswith(f"✗ {path}: {'.'.join(part for part in (place, key) if part)} ")


@pytest.mark.parametrize("content", [{}, {"config": None}, {"config": {"aws:region": "eu-central-1"}}])
def test_files_without_our_keys_are_accepted(
    content: dict[str, Any], validator: Draft202012Validator, tmp_path: Path
) -> None:
    validator.validate(content)
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(yaml.safe_dump(content))
    assert list(find_problems(path)) == []


def test_schema_is_printed_or_written(tmp_path: Path, intermodal: Intermodal) -> None:
    assert intermodal("schema") == (0, schema.render_schema(), "")
    path = tmp_path / "schema.json"
    assert intermodal("schema", "--output", str(path)) == (0, "", "")
    assert path.read_text() == schema.render_schema()
    error = f"error: {tmp_path} cannot be written: Is a directory; choose another path with --output.\n"
    assert intermodal("schema", "--output", str(tmp_path)) == (1, "", error)

"""mypy and pyright accept correct programs and refuse wrong ones."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.keywords import ContainerFunctionKeywords
from tests.conftest import ROOT

HERE = Path(__file__).parent
CORRECT = [
    *(HERE / "correct").glob("*.py"),
    *(ROOT / "examples").glob("*/__main__.py"),
    *(ROOT / "templates").glob("*/__main__.py"),
    *(ROOT / "tests/unit/docs/programs").glob("*.py"),
    ROOT / "__main__.py",
]
WRONG = list((HERE / "wrong").glob("*.py"))
LIBRARY = ROOT / "components/intermodal"

Errors = Mapping[str, list[str]]
"""Messages by file, relative to the root."""


def group(found: list[tuple[str, str]]) -> Errors:
    """Group messages by file."""
    errors: dict[str, list[str]] = {}
    for file, message in found:
        errors.setdefault(str(Path(file).relative_to(ROOT)), []).append(message)
    return errors


@pytest.fixture(scope="module")
def mypy() -> Errors:
    """Return mypy's errors in all programs."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty", "--scripts-are-modules"]
    found: list[tuple[str, str]] = []
    for programs in batches([*CORRECT, *WRONG]):
        done = subprocess.run([*command, *programs], cwd=ROOT, capture_output=True, text=True, check=False)
        lines = re.findall(r"^(.+?):\d+: error: (.*)$", done.stdout, re.MULTILINE)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
        found += [(str(ROOT / file), message) for file, message in lines]
    return group(found)


def batches(files: list[Path]) -> list[list[str]]:
    """Return the files in groups without equal module names; only `intermodal-python` is no package name."""
    template = [file for file in files if "-" in file.parent.name]
    return [[str(file) for file in files if file not in template], *([str(file)] for file in template)]


@pytest.fixture(scope="module")
def pyright(tmp_path_factory: pytest.TempPathFactory) -> Errors:
    """Return pyright's errors in all programs."""
    config = tmp_path_factory.mktemp("pyright") / "pyrightconfig.json"
    paths = [str(ROOT / folder) for folder in ("components", "runtime", ".")]
    settings = {"include": [str(file) for file in [*CORRECT, *WRONG]], "extraPaths": paths}
    config.write_text(json.dumps({**settings, "pythonVersion": "3.11", "typeCheckingMode": "standard"}))
    command = [sys.executable, "-m", "basedpyright", "--project", str(config), "--outputjson"]
    done = subprocess.run([*command, "--pythonpath", sys.executable], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)["generalDiagnostics"]
    return group([(each["file"], each["message"]) for each in report if each["severity"] == "error"])


def test_both_checkers_accept_every_correct_program(mypy: Errors, pyright: Errors) -> None:
    for file in CORRECT:
        name = str(file.relative_to(ROOT))
        assert (mypy.get(name), pyright.get(name)) == (None, None), name


@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_both_checkers_refuse_a_wrong_program(mypy: Errors, pyright: Errors, file: Path) -> None:
    name = str(file.relative_to(ROOT))
    assert mypy.get(name), "mypy accepts it"
    assert pyright.get(name), "pyright accepts it"


def test_keywords_are_the_keys_of_the_dict() -> None:
    plain = {
        key: get_args(hint)[0] if key in ContainerFunctionArgs.__optional_keys__ else hint
        for key, hint in ContainerFunctionArgs.__annotations__.items()
    }
    assert plain == ContainerFunctionKeywords.__annotations__
    assert ContainerFunctionKeywords.__required_keys__ == frozenset()


def list_literals() -> list[tuple[str, str, list[str]]]:
    """Return module, enum and strings of every union of an enum and its strings."""
    found = []
    for file in sorted(LIBRARY.rglob("*.py")):
        module = ".".join(file.relative_to(LIBRARY.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text())):
            match node:
                case ast.BinOp(
                    left=ast.Name(id=enum), right=ast.Subscript(value=ast.Name(id="Literal"), slice=strings)
                ):
                    found.append((module, enum, list(ast.literal_eval(strings))))
    return found


@pytest.mark.parametrize(("module", "name", "strings"), list_literals())
def test_strings_for_type_checkers_are_the_enums_values(module: str, name: str, strings: list[str]) -> None:
    enum: type[Enum] = getattr(import_module(module), name)
    assert strings == [member.value for member in enum]

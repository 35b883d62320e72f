"""Every program on a page runs, and every message on a page is the library's own."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from intermodal.cli.validate import find_problems
from intermodal.definition.args import ContainerFunctionArgs
from tests.conftest import ROOT, Session
from tests.unit.docs.samples import GOLDENS, HERE, PROGRAMS, STACK_FILES, run, texts

UNIT_TEST = HERE / "programs" / "mocks.py"


@pytest.mark.parametrize("file", [file for file in PROGRAMS if file != UNIT_TEST], ids=lambda file: file.stem)
def test_program_on_a_page_runs(file: Path, session: Session) -> None:
    assert run(file, session).resources


def test_unit_test_on_a_page_passes() -> None:
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "unittest",
        "discover",
        "-s",
        str(UNIT_TEST.parent),
        "-p",
        UNIT_TEST.name,
    ]
    done = subprocess.run(command, cwd=ROOT / "examples" / "hello", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ran 1 test" in done.stderr


@pytest.mark.parametrize("file", STACK_FILES, ids=lambda file: file.stem)
def test_stack_file_on_a_page_is_valid(file: Path) -> None:
    assert yaml.safe_load(file.read_text())["config"]
    assert list(find_problems(file)) == []


@pytest.mark.parametrize("stack", ["moved", "two-lanes"])
def test_placement_on_a_page_fits_its_program(stack: str, session: Session) -> None:
    mocks = run(HERE / "programs" / "receipt.py", session, stack)
    assert any(key.startswith("aws:ecs/service:Service receipt-") for key in mocks.resources)


@pytest.mark.parametrize("name", texts())
def test_shown_message_is_the_librarys(name: str) -> None:
    remedy = "run `.venv/bin/python -m tests.unit.docs.samples` and read what changed"
    assert (GOLDENS / f"{name}.txt").read_text() == texts()[name](), remedy


def test_every_golden_has_a_program() -> None:
    assert {file.stem for file in GOLDENS.iterdir()} == set(texts())


def test_key_list_in_an_error_is_complete() -> None:
    shown = (GOLDENS / "refused-scan.txt").read_text()
    assert ", ".join(ContainerFunctionArgs.__annotations__) in shown

"""Released URNs, inputs and options are a contract: every program registers the same as before.

After an intended change: `python -m tests.judge.registered tests/judge/goldens --digests`, and the reason in the
commit. `python -m tests.judge.registered FOLDER`, at the commit before and after, shows the values that differ.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.judge.registered import ROOT, programs

GOLDENS = Path(__file__).with_name("goldens")


@pytest.fixture(scope="module")
def digest_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the digests of every program, written by a separate process."""
    folder = tmp_path_factory.mktemp("registered")
    command = [sys.executable, "-m", "tests.judge.registered", str(folder), "--digests"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("name", programs())
def test_registrations_are_unchanged(digest_folder: Path, name: str) -> None:
    now = set((digest_folder / f"{name}.txt").read_text().splitlines())
    before = set((GOLDENS / f"{name}.txt").read_text().splitlines())
    assert now - before == set(), "new or changed"
    assert before - now == set(), "removed or changed"


def test_every_golden_has_a_program() -> None:
    assert {file.stem for file in GOLDENS.iterdir()} == set(programs())

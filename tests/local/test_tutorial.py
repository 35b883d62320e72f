"""The local stack accepts the tutorial's program, image and placement; nothing is deployed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from local import paths

PROGRAMS = paths.ROOT / "tests" / "unit" / "docs" / "programs"
PAGE = paths.ROOT / "docs" / "tutorial.md"
NEEDED = ("local", "runtime", "stacks")
IMAGE = "templates/intermodal-python/function"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of the source tree, changed as in steps 2 and 3."""
    for name in NEEDED:
        shutil.copytree(paths.ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(paths.ROOT / IMAGE, tmp_path / "greeter")
    shutil.copy(PROGRAMS / "greeter.py", tmp_path / "__main__.py")
    return tmp_path


def test_tutorial_page_has_the_steps_of_this_test() -> None:
    page = PAGE.read_text()
    for command in (f"cp -r {IMAGE} greeter", "cp tests/unit/docs/programs/greeter.py __main__.py"):
        assert f"$ {command}\n" in page
    assert '--8<-- "tests/unit/docs/programs/Pulumi.greeter.yaml:placement"' in page


@pytest.mark.parametrize("target", ["lambda", "ecs"])
def test_local_stack_builds_its_images_on_both_targets(clone: Path, target: str) -> None:
    placement = yaml.safe_load((PROGRAMS / "Pulumi.greeter.yaml").read_text())["config"]["intermodal:placement"]
    placement["greeter"]["target"] = target
    done = subprocess.run(
        [sys.executable, "-m", "local.program", json.dumps({"intermodal:placement": json.dumps(placement)})],
        cwd=clone, env={**os.environ, "PYTHONPATH": str(clone)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["greeter", "runtime"]

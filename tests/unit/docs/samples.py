"""Run the programs that the documents show, and record the library's messages.

`python -m tests.unit.docs.samples` writes the output to `goldens/`, which pages include.
"""

import contextlib
import io
import json
import runpy
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from intermodal import IntermodalError
from intermodal.cli.commands import main
from intermodal.testing import Mocks
from tests.conftest import ROOT, Session

HERE = Path(__file__).parent
GOLDENS = HERE / "goldens"
PROGRAMS = sorted((HERE / "programs").glob("*.py"))
STACK_FILES = sorted((HERE / "programs").glob("Pulumi.*.yaml"))
REFUSED = sorted((HERE / "refused").glob("*.py"))
WARNED = sorted((HERE / "warned").glob("*.py"))
PROJECT = "shop"

IMAGES = {
    "function": "templates/intermodal-python/function",
    "greeter": "templates/intermodal-python/function",
    "runtime": "runtime",
}
"""Folders that the programs build images from, by their name beside the program."""


def run(file: Path, session: Session, stack: str = "") -> Mocks:
    """Run a program under the library's mocks, with the stack file for `stack` or for the program's name."""
    stack_file = file.with_name(f"Pulumi.{stack or file.stem}.yaml")
    pulumi.runtime.set_all_config(configuration(stack_file) if stack_file.exists() else {})
    mocks = Mocks()

    def program() -> None:
        runpy.run_path(str(file))

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, image in IMAGES.items():
            shutil.copytree(ROOT / image, name)
        session.run(program, mocks, PROJECT)
    return mocks


def configuration(stack_file: Path) -> dict[str, str]:
    """Return a stack file's configuration in the format that the engine passes to programs."""
    values: Mapping[str, Any] = yaml.safe_load(stack_file.read_text())["config"]
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def refusal(file: Path) -> str:
    """Return the error that a program raises."""
    session = Session()
    try:
        with pytest.raises(IntermodalError) as refused:
            run(file, session)
    finally:
        session.close()
    return f"{refused.value}\n"


def warnings(file: Path) -> str:
    """Return the warnings in a program's preview."""
    session, collected = Session(), []
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pulumi, "warn", lambda text, _: collected.append(text))
            run(file, session)
    finally:
        session.close()
    return "".join(f"warning: {text}\n" for text in collected)


def validation(file: Path) -> str:
    """Return what `intermodal validate` prints for a stack file."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(["validate", str(file)])
    return printed.getvalue().replace(str(file), file.name)


def texts() -> Mapping[str, Callable[[], str]]:
    """Return the function that renders each golden, by its name."""
    made: dict[str, Callable[[], str]] = {f"refused-{file.stem}": partial(refusal, file) for file in REFUSED}
    made |= {f"warned-{file.stem}": partial(warnings, file) for file in WARNED}
    return made | {"validate": partial(validation, HERE / "refused" / "Pulumi.prod.yaml")}


if __name__ == "__main__":
    GOLDENS.mkdir(exist_ok=True)
    for name, make in texts().items():
        (GOLDENS / f"{name}.txt").write_text(make())

"""Provide the real engine, in a workspace used only by these tests."""

from pathlib import Path

import pytest

from bench.harness.project import VARIABLES
from local.aws.settings import Emulator
from local.engine import find
from local.engine.workspace import Workspace


@pytest.fixture(scope="session")
def engine_folder() -> Path:
    """Return the folder with `pulumi` and its Python language host."""
    return find.find().folder


@pytest.fixture(scope="session")
def workspace(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return an isolated workspace whose programs deploy to the emulator."""
    variables = {**emulator.client_environment(), **VARIABLES}
    return Workspace.prepare(find.find(), tmp_path_factory.mktemp("pulumi"), variables)

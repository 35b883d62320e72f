"""The package exports exactly its public API."""

import subprocess
import sys
from importlib.metadata import entry_points

import intermodal


def test_public_names_are_exactly_those_listed() -> None:
    assert sorted(intermodal._HOMES) == sorted(intermodal.__all__) == dir(intermodal)
    for name in intermodal.__all__:
        assert getattr(intermodal, name).__name__.rpartition(".")[2] == name


def test_import_loads_no_provider_sdk() -> None:
    """An editor or a hook can check a stack file quickly: the provider's SDK alone takes a second to import."""
    program = "import sys, intermodal; print([m for m in ('pulumi', 'pulumi_aws', 'pydantic') if m in sys.modules])"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="intermodal")
    assert command.value == "intermodal.cli:main"
    output = subprocess.run(
        [sys.executable, "-m", "intermodal", "-h"], capture_output=True, text=True, check=True
    ).stdout
    assert output.startswith("usage: intermodal ")
    assert command.load().__module__ == "intermodal.cli.commands"

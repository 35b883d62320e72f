"""The Pulumi project that a folder is in, without the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intermodal.deployed import yaml_file
from intermodal.problems.errors import CliError

FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True, kw_only=True)
class Project:
    """Where a project and its stack files are."""

    file: Path

    @property
    def stack_folder(self) -> Path:
        """The folder of the stack files."""
        settings = yaml_file.load(self.file)
        chosen = settings.get("stackConfigDir") if isinstance(settings, dict) else None
        return self.file.parent / str(chosen) if chosen else self.file.parent

    def stack_files(self) -> Sequence[Path]:
        """The stack files, in the order of the alphabet.

        Raises:
            CliError: there is none.
        """
        found = sorted({*self.stack_folder.glob("Pulumi.*.yaml"), *self.stack_folder.glob("Pulumi.*.yml")})
        if not found:
            raise CliError(f"{self.stack_folder} has no stack file (Pulumi.STACK.yaml); name the files to check")
        return found


def find_project(start: Path) -> Project:
    """The project of `start` or of the nearest folder above it.

    Raises:
        CliError: there is none.
    """
    if not start.is_dir():
        raise CliError(f"{start} is not a folder; give the folder of a Pulumi project")
    for folder in (start, *start.absolute().parents):
        for name in FILES:
            if (folder / name).is_file():
                return Project(file=folder / name)
    raise CliError(f"there is no Pulumi.yaml in {start.absolute()} or above; go to a Pulumi project's folder")

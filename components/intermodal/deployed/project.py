"""Find a folder's Pulumi project without calling the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intermodal.deployed import yaml_file
from intermodal.problems.errors import CliError

FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True, kw_only=True)
class Project:
    """A Pulumi project and its stack files."""

    file: Path

    @property
    def stack_folder(self) -> Path:
        """Folder that contains the stack files."""
        settings = yaml_file.load(self.file)
        chosen = settings.get("stackConfigDir") if isinstance(settings, dict) else None
        return self.file.parent / str(chosen) if chosen else self.file.parent

    def stack_files(self) -> Sequence[Path]:
        """Return the stack files, sorted by name.

        Raises:
            CliError: The folder has no stack file.
        """
        found = sorted({*self.stack_folder.glob("Pulumi.*.yaml"), *self.stack_folder.glob("Pulumi.*.yml")})
        if not found:
            raise CliError(f"{self.stack_folder} has no stack file (Pulumi.STACK.yaml); specify the files to validate")
        return found


def find_project(start: Path) -> Project:
    """Find the project in `start` or the nearest parent folder.

    Raises:
        CliError: `start` is not a folder, or there is no project in it or above it.
    """
    if not start.is_dir():
        raise CliError(f"{start} is not a folder; specify a Pulumi project folder")
    for folder in (start, *start.absolute().parents):
        for name in FILES:
            if (folder / name).is_file():
                return Project(file=folder / name)
    raise CliError(f"no Pulumi.yaml in {start.absolute()} or above; change to a Pulumi project folder")

"""One stack of a project in a folder of its own, driven by the real engine."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from local.engine.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Project:
    """A copy of a project, with one stack."""

    workspace: Workspace
    folder: Path
    stack: str = "dev"

    @classmethod
    def copy(cls, workspace: Workspace, source: Path, folder: Path) -> Self:
        """The project in `source`, copied into `folder`, with an empty stack; a stack file of its own is kept."""
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
        project = cls(workspace=workspace, folder=folder)
        workspace.run("stack", "init", project.stack, cwd=folder)
        return project

    def configure(self, values: Mapping[str, Any]) -> None:
        """Write the stack file: config by key, with the region."""
        config = {"aws:region": "eu-central-1", **values}
        (self.folder / f"Pulumi.{self.stack}.yaml").write_text(json.dumps({"config": config}))  # JSON is YAML

    def up(self) -> dict[str, Any]:
        """Deploy; the outputs."""
        self._run("up", "--yes", "--skip-preview")
        return self.outputs()

    def refused(self, command: str = "preview") -> str:
        """What the engine says of a program that must be refused."""
        done = self.workspace.attempt(command, "--stack", self.stack, cwd=self.folder)
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        values: dict[str, Any] = json.loads(self._run("stack", "output", "--json"))
        return values

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds."""
        exported: dict[str, Any] = json.loads(self._run("stack", "export"))
        return list((exported["deployment"] or {}).get("resources", []))

    def expect_no_changes(self) -> None:
        """Nothing would change, with what really exists read back first."""
        self._run("preview", "--refresh", "--expect-no-changes")

    def destroy(self) -> None:
        """Destroy everything; nothing may be left, and the stack's name is free again."""
        self._run("destroy", "--yes", "--skip-preview")
        assert [each for each in self.resources() if not each["type"].startswith("pulumi:")] == []
        self._run("stack", "rm", "--yes", "--preserve-config")

    def _run(self, command: str, *arguments: str) -> str:
        parts = [command, arguments[0], "--stack", self.stack, *arguments[1:]]
        return self.workspace.run(*parts, cwd=self.folder)

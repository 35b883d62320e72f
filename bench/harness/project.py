"""Run the Pulumi engine on a copy of a project with one stack."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from bench.harness.events import Change, changes_of
from local import processes
from local.aws.settings import PROVIDER_CONFIG
from local.engine.workspace import Workspace

VARIABLES = {"PULUMI_DEBUG_COMMANDS": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""Environment variables that make the engine accept --event-log and save the state only at the end. The latter halves
the duration of an `up` with 300 resources."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """Copy of a project with one stack."""

    workspace: Workspace
    folder: Path
    stack: str

    @classmethod
    def copy(cls, workspace: Workspace, source: Path, folder: Path, stack: str = "dev") -> Self:
        """Copy the project in `source` to `folder` and create an empty stack; keep the project's stack file, if any."""
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
        project = cls(workspace=workspace, folder=folder, stack=stack)
        workspace.run("stack", "init", project.stack, cwd=folder)
        if (folder / f"Pulumi.{stack}.yaml").exists():
            project.configure(project.config())
        return project

    def config(self) -> dict[str, Any]:
        """Return the config in the stack file."""
        file = self.folder / f"Pulumi.{self.stack}.yaml"
        found = yaml.safe_load(file.read_text()) if file.exists() else {}
        return dict((found or {}).get("config") or {})

    def configure(self, values: Mapping[str, Any]) -> None:
        """Write the config and region to the stack file; keep other content, such as the encryption salt."""
        file = self.folder / f"Pulumi.{self.stack}.yaml"
        kept = yaml.safe_load(file.read_text()) if file.exists() else {}
        config = {"aws:region": "eu-central-1", **PROVIDER_CONFIG, **values}
        file.write_text(yaml.safe_dump({**(kept or {}), "config": config}))

    def up(self) -> dict[str, Any]:
        """Deploy and return the outputs."""
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs")
        return self.outputs()

    def refresh_and_up(self) -> dict[str, Any]:
        """Refresh, deploy, and return the outputs."""
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", "--refresh")
        return self.outputs()

    def planned(self) -> tuple[list[Change], str]:
        """Return the sorted changes that a deployment would make, and the preview's output."""
        log = self.folder / "preview.log"
        log.unlink(missing_ok=True)
        output = self._run("preview", "--suppress-outputs", "--event-log", str(log))
        return sorted(changes_of(log)), output

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Deploy while the block runs; then kill the engine, as a CI system would, and release its lock."""
        command = [str(self.workspace.engine.folder / "pulumi"), "up", "--stack", self.stack, "--yes", "--skip-preview"]
        checkpoints = {"PULUMI_SKIP_CHECKPOINTS": "false"}  # so the state contains all steps before the kill
        engine = subprocess.Popen(
            [*command, "--non-interactive"], cwd=self.folder, env=self.workspace.environment() | checkpoints,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield
            assert engine.poll() is None, "the deployment ended before the interruption"
        finally:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()
            for host in processes.programs_with("pulumi-language-python", "PULUMI_HOME", self.workspace.folder):
                os.kill(host, signal.SIGTERM)  # otherwise it would run for minutes after the engine exits
        self._run("cancel", "--yes")

    def changes(self) -> list[Change]:
        """Deploy and return the engine's changes in order, without unchanged resources."""
        log = self.folder / "events.log"
        log.unlink(missing_ok=True)
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", "--event-log", str(log))
        return list(changes_of(log))

    def refused(self, command: str = "preview", *arguments: str) -> str:
        """Run a command that must fail, and return the engine's output."""
        done = self.workspace.attempt(command, *arguments, "--stack", self.stack, cwd=self.folder)
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        values: dict[str, Any] = json.loads(self._run("stack", "output", "--json"))
        return values

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources in the state."""
        exported: dict[str, Any] = json.loads(self._run("stack", "export"))
        return list((exported["deployment"] or {}).get("resources", []))

    def expect_no_changes(self) -> None:
        """Raise an error if a deployment after a refresh would change anything."""
        self._run("preview", "--refresh", "--expect-no-changes")

    def destroy(self) -> None:
        """Destroy all resources, check that none is left, and remove the stack."""
        self._run("destroy", "--yes", "--skip-preview")
        assert [each for each in self.resources() if not each["type"].startswith("pulumi:")] == []
        self._run("stack", "rm", "--yes", "--preserve-config")

    def _run(self, command: str, *arguments: str) -> str:
        parts = [command, arguments[0], "--stack", self.stack, *arguments[1:]]
        return self.workspace.run(*parts, cwd=self.folder)

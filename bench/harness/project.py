"""One stack of a project in a folder of its own, driven by the real engine."""

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
"""Of the engine under test: it has --event-log, and saves its state once, at the end, which halves the time of an `up`
of 300 resources."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A copy of a project, with one stack."""

    workspace: Workspace
    folder: Path
    stack: str

    @classmethod
    def copy(cls, workspace: Workspace, source: Path, folder: Path, stack: str = "dev") -> Self:
        """The project in `source`, copied into `folder`, with an empty stack; a stack file of its own is kept."""
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("__pycache__"))
        project = cls(workspace=workspace, folder=folder, stack=stack)
        workspace.run("stack", "init", project.stack, cwd=folder)
        if (folder / f"Pulumi.{stack}.yaml").exists():
            project.configure(project.config())
        return project

    def config(self) -> dict[str, Any]:
        """The stack file's config."""
        file = self.folder / f"Pulumi.{self.stack}.yaml"
        found = yaml.safe_load(file.read_text()) if file.exists() else {}
        return dict((found or {}).get("config") or {})

    def configure(self, values: Mapping[str, Any]) -> None:
        """Write the stack file's config, with the region; what else is in it (the salt of its secrets) stays."""
        file = self.folder / f"Pulumi.{self.stack}.yaml"
        kept = yaml.safe_load(file.read_text()) if file.exists() else {}
        config = {"aws:region": "eu-central-1", **PROVIDER_CONFIG, **values}
        file.write_text(yaml.safe_dump({**(kept or {}), "config": config}))

    def up(self) -> dict[str, Any]:
        """Deploy; the outputs."""
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs")
        return self.outputs()

    def refresh_and_up(self) -> dict[str, Any]:
        """Deploy, with what really exists read back first; the outputs."""
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", "--refresh")
        return self.outputs()

    def planned(self) -> tuple[list[Change], str]:
        """What a deployment would do, sorted and without what stays the same; and what the preview said."""
        log = self.folder / "preview.log"
        log.unlink(missing_ok=True)
        said = self._run("preview", "--suppress-outputs", "--event-log", str(log))
        return sorted(changes_of(log)), said

    @contextmanager
    def interrupted(self) -> Iterator[None]:
        """Deploy while the block runs, and kill the engine at its end, as a CI job is killed; its lock is released."""
        command = [str(self.workspace.engine.folder / "pulumi"), "up", "--stack", self.stack, "--yes", "--skip-preview"]
        known = {"PULUMI_SKIP_CHECKPOINTS": "false"}  # what was done before is in the state
        engine = subprocess.Popen(
            [*command, "--non-interactive"], cwd=self.folder, env=self.workspace.environment() | known,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            yield
            assert engine.poll() is None, "the deployment has ended before it was interrupted"
        finally:
            os.killpg(engine.pid, signal.SIGKILL)
            engine.wait()
            for host in processes.programs_with("pulumi-language-python", "PULUMI_HOME", self.workspace.folder):
                os.kill(host, signal.SIGTERM)  # it would see the engine's end only minutes later
        self._run("cancel", "--yes")

    def changes(self) -> list[Change]:
        """Deploy; what the engine did, in its order, without what stayed the same."""
        log = self.folder / "events.log"
        log.unlink(missing_ok=True)
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", "--event-log", str(log))
        return list(changes_of(log))

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

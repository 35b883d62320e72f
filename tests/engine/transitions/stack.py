"""Deploy one stack in several shapes on the real engine, and read from its event log what each step changed."""

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness.events import Change, changes_of, short
from local.aws.settings import PROVIDER_CONFIG
from local.engine.workspace import Workspace

PROGRAM = Path(__file__).with_name("program")

STATEFUL = {
    "aws:sqs/queue:Queue",
    "aws:iam/role:Role",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ec2/securityGroup:SecurityGroup",
}
"""Types that hold messages, logs, or an identity that others reference."""

CONSUMERS = {"aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"}


@dataclass(frozen=True)
class Stack:
    """One stack in its own folder."""

    workspace: Workspace
    folder: Path
    name: str

    @classmethod
    def create(cls, workspace: Workspace, folder: Path, name: str) -> "Stack":
        """Create an empty stack."""
        shutil.copytree(PROGRAM, folder / "program", dirs_exist_ok=True)
        stack = cls(workspace, folder / "program", name)
        stack._configure({})
        workspace.run("stack", "init", name, cwd=stack.folder)
        return stack

    def up(self, shape: Mapping[str, Any]) -> list[Change]:
        """Deploy `shape`; return the engine's operations in order, excluding unchanged resources."""
        self._configure(shape)
        log = self.folder / "events.log"
        log.unlink(missing_ok=True)
        self.workspace.run(
            "up", "--stack", self.name, "--yes", "--skip-preview", "--event-log", str(log), cwd=self.folder
        )
        return list(changes_of(log))

    def expect_refusal(self, shape: Mapping[str, Any]) -> str:
        """Deploy a `shape` that must be rejected; return the engine's output."""
        self._configure(shape)
        done = self.workspace.attempt("up", "--stack", self.name, "--yes", "--skip-preview", cwd=self.folder)
        assert done.returncode != 0
        return done.stdout + done.stderr

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs."""
        output = self.workspace.run("stack", "output", "--stack", self.name, "--json", cwd=self.folder)
        values: dict[str, Any] = json.loads(output)
        return values

    def expect_no_changes(self) -> None:
        """Check that a preview with refresh shows no changes."""
        self.workspace.run("preview", "--stack", self.name, "--refresh", "--expect-no-changes", cwd=self.folder)

    def urns(self) -> list[str]:
        """Return URNs without project and stack names, excluding the stack itself and its providers."""
        exported = json.loads(self.workspace.run("stack", "export", "--stack", self.name, cwd=self.folder))
        all_urns = [resource["urn"] for resource in exported["deployment"].get("resources", [])]
        return sorted(urn.split("::", 2)[2] for urn in all_urns if not urn.split("::")[2].startswith("pulumi:"))

    def resources_of_state(self) -> list[dict[str, Any]]:
        """Return the resources in the state."""
        exported = json.loads(self.workspace.run("stack", "export", "--stack", self.name, cwd=self.folder))
        return list(exported["deployment"]["resources"])

    def ids(self) -> dict[str, str]:
        """Return the physical ID of each stateful resource, by `type name`."""
        return {short(row["urn"]): row["id"] for row in self.resources_of_state() if row["type"] in STATEFUL}

    def destroy(self) -> None:
        """Destroy the stack."""
        self.workspace.run("destroy", "--stack", self.name, "--yes", "--skip-preview", cwd=self.folder)

    def _configure(self, shape: Mapping[str, Any]) -> None:
        config = {"aws:region": "eu-central-1", **PROVIDER_CONFIG, "transitions:shape": dict(shape)}
        (self.folder / f"Pulumi.{self.name}.yaml").write_text(json.dumps({"config": config}))  # JSON is YAML


def count_operations(changes: Iterable[Change]) -> Counter[str]:
    """Return how often each operation happened."""
    return Counter(operation for operation, _ in changes)


def filter_changes(changes: Iterable[Change], types: set[str]) -> list[Change]:
    """Return the changes to resources of these types."""
    return [(operation, name) for operation, name in changes if name.split()[0] in types]

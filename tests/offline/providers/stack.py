"""Run the engine on the program in this folder, and parse its operations by type."""

import importlib.metadata
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.harness.project import VARIABLES
from intermodal_offline import providers

REGION = "eu-central-1"
ACCOUNT = "111122223333"
OUTCOMES = {"resourcePreEvent", "resOutputsEvent"}


@dataclass(frozen=True)
class Step:
    """Result of one Pulumi command."""

    name: str
    code: int
    output: str
    operations: Mapping[str, frozenset[str]]
    """Operations on the main resource of each type; `same` if it did not change."""
    details: Mapping[str, frozenset[str]]
    """Changed property paths by type."""

    def of(self, token: str) -> frozenset[str]:
        """Return the operations on a type."""
        return self.operations.get(token, frozenset())


@dataclass(frozen=True)
class Engine:
    """A pulumi binary with its own PULUMI_HOME, backend and plugin."""

    pulumi: Path
    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def prepare(cls, pulumi: Path, folder: Path, environment: Mapping[str, str]) -> "Engine":
        """Create the folders and install the offline provider."""
        home, state = folder / "home", folder / "state"
        state.mkdir()
        providers.install(home, importlib.metadata.version("pulumi_aws"), Path(sys.executable))
        sealed = {
            "PULUMI_HOME": str(home), "PULUMI_BACKEND_URL": state.as_uri(), "PULUMI_CONFIG_PASSPHRASE": "x",
            "PULUMI_SKIP_UPDATE_CHECK": "1", "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **VARIABLES,
        }  # fmt: skip
        return cls(pulumi, folder, {**environment, **sealed})

    def run(self, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run pulumi; return the result, whatever the exit code."""
        return subprocess.run(
            [str(self.pulumi), *arguments, "--non-interactive"], cwd=self.folder / "program", text=True, check=False,
            env={**self.environment, **(variables or {})}, capture_output=True, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip

    def stack(self, name: str, config: Mapping[str, Any]) -> "Stack":
        """Create a stack with this configuration."""
        text = json.dumps({"config": dict(config)})  # JSON is YAML
        (self.folder / "program" / f"Pulumi.{name}.yaml").write_text(text)
        done = self.run("stack", "init", name)
        assert done.returncode == 0, done.stderr
        return Stack(self, name)


@dataclass(frozen=True)
class Stack:
    """One stack that is deployed from the program."""

    engine: Engine
    name: str
    steps: dict[str, Step] = field(default_factory=dict)

    def step(self, name: str, *arguments: str, variant: str = "base") -> Step:
        """Run a command; record and return its operations on each type."""
        log = self.engine.folder / f"{self.name}-{name}.log"
        done = self.engine.run(
            *arguments, "--stack", self.name, "--event-log", str(log), variables={"VARIANT": variant}
        )
        operations, details = _outcomes(log)
        self.steps[name] = Step(name, done.returncode, done.stdout + done.stderr, operations, details)
        return self.steps[name]


def _outcomes(log: Path) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    operations, details = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for line in log.read_text().splitlines() if log.exists() else []:
        event = json.loads(line)
        for kind in OUTCOMES & event.keys():
            found = event[kind]["metadata"]
            if found["urn"].endswith("::main"):
                operations[found["type"]].add(found["op"])
                details[found["type"]] |= (found.get("detailedDiff") or {}).keys()
    return ({t: frozenset(o) for t, o in operations.items()}, {t: frozenset(d) for t, d in details.items()})

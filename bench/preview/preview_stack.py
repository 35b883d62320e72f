"""Set up the environment for previews: the engine, its plugins, and a private AWS emulator."""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.harness.ports import free_port
from bench.preview.registered import Registered, read
from local import paths
from local.aws import control
from local.aws.settings import REGION, Emulator
from local.docker import daemon
from local.engine import find
from local.engine.workspace import Workspace

STACK = "bench"
PROGRAM = Path(__file__).with_name("program")


@dataclass(frozen=True, kw_only=True)
class PreviewStack:
    """An engine workspace and the folder that contains the program."""

    workspace: Workspace
    folder: Path

    def preview(self, variant: str, functions: int) -> tuple[float, Registered]:
        """Run `pulumi preview`; return its duration in seconds and the registered resources."""
        config = {"aws:region": REGION, "bench:variant": variant, "bench:functions": functions}
        (self.folder / f"Pulumi.{STACK}.yaml").write_text(json.dumps({"config": config}))  # JSON is valid YAML
        log = self.folder / "events.log"
        log.unlink(missing_ok=True)
        started = time.perf_counter()
        self.workspace.run("preview", "--stack", STACK, "--event-log", str(log), cwd=self.folder)
        return time.perf_counter() - started, read(log)


@contextmanager
def prepare_stack() -> Iterator[PreviewStack]:
    """Yield a stack with an AWS emulator whose program can import the `bench` package."""
    folder = paths.LOCAL / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(PROGRAM, folder / "program")
    emulator = Emulator(folder=folder / "aws", port=free_port())
    ran = daemon.running()
    docker = daemon.ensure()  # the emulator requires Docker, even though nothing is deployed
    try:
        control.start(emulator, docker.host)
        variables = {
            **emulator.client_environment(),
            "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
            "PYTHONPATH": str(paths.ROOT),
        }
        workspace = Workspace.prepare(find.find(), folder / "pulumi", variables)
        made = PreviewStack(workspace=workspace, folder=folder / "program")
        workspace.run("stack", "init", STACK, cwd=made.folder)
        yield made
    finally:
        control.stop(emulator)
        if docker.private and not ran:
            daemon.stop()

"""`make demo` in a separate clone: killed halfway, run again, and taken down without leftovers."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.harness.ports import free_port
from local import paths, processes
from local.docker import daemon

NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".local", "__pycache__", ".*_cache", ".hypothesis", "*.egg-info")


class Clone:
    """A copy of the source tree with its own state."""

    def __init__(self, folder: Path, docker_host: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        self.environment = {**kept, "DOCKER_HOST": docker_host, "INTERMODAL_AWS_PORT": str(free_port())}
        self.environment["INTERMODAL_TARGETS"] = "lambda"  # the conformance suite covers the other targets

    def run(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Run a Makefile target until it exits."""
        with self.start(command) as process:
            said, _ = process.communicate(timeout=240)
        return subprocess.CompletedProcess(command, process.returncode, said)

    def start(self, command: str) -> "subprocess.Popen[str]":
        """Start a Makefile target in its own process group."""
        return subprocess.Popen(
            [sys.executable, "-m", "local", command],
            cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip

    def state(self) -> str:
        """Return the engine's current state file."""
        files = list((self.folder / ".local" / "pulumi").rglob("stacks/intermodal/local.json"))
        return files[0].read_text() if files else ""

    def figures(self) -> dict[str, Any]:
        """Return the figures that the demo wrote."""
        figures: dict[str, Any] = json.loads((self.folder / ".local" / "demo.json").read_text())
        return figures


@pytest.fixture
def clone(tmp_path: Path, docker: daemon.Docker, images_of_examples: dict[str, str]) -> Iterator[Clone]:
    folder = tmp_path / "clone"
    shutil.copytree(paths.ROOT, folder, ignore=NOT_COPIED)
    (folder / ".venv").symlink_to(paths.VENV)
    made = Clone(folder, docker.host)
    yield made
    processes.stop(folder / ".local" / "aws" / "pid", seconds=10)


def test_a_killed_demo_resumes_and_down_leaves_nothing(clone: Clone, docker: daemon.Docker) -> None:
    with clone.start("demo") as killed:
        deploying = processes.poll(lambda: "aws:iam/role:Role" in clone.state() or killed.poll() is not None, 120)
        assert deploying
        assert killed.poll() is None, killed.communicate()[0]
        os.killpg(killed.pid, signal.SIGKILL)  # kills the engine too, but not the language host
    assert not list((clone.folder / ".local").rglob("*.attrs")), "written in place, so the kill could have truncated it"

    again = clone.run("demo")
    assert again.returncode == 0, again.stdout[-3000:]
    figures = clone.figures()
    assert figures["targets"]["lambda"].items() >= {"sent": 35, "handled": 35, "failed": 0, "lost": 0}.items()
    assert (figures["resources"], figures["second_up_changes"]) == (62, 0)
    emulator = processes.find(clone.folder / ".local" / "aws" / "pid")
    assert emulator is not None, "the demo leaves the stack deployed"

    down = clone.run("down")
    assert down.returncode == 0, down.stdout[-3000:]
    assert not processes.is_alive(emulator)
    hosts = ("pulumi-language-python", "PULUMI_HOME", clone.folder)
    assert processes.poll(lambda: not processes.programs_with(*hosts), 5), "leftovers of the killed engine"
    client = docker.client()
    label: dict[str, str | list[str] | bool] = {"label": f"intermodal.emulator={clone.folder / '.local' / 'aws'}"}
    assert client.containers.list(all=True, filters=label) == []
    client.close()
    assert sorted(path.name for path in (clone.folder / ".local").iterdir()) == [
        "demo.html",
        "demo.json",
        "lock",
        "pulumi",
    ]
    assert clone.state() == ""

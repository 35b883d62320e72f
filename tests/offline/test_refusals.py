"""Failed builds in intermodal-offline report what to do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from intermodal_offline import golang
from local import paths
from local.advice import LocalError
from local.docker import daemon
from local.engine import find

UNPRIVILEGED = 65534


def test_missing_docker_without_root_has_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setattr(os, "geteuid", lambda: UNPRIVILEGED)
    with pytest.raises(LocalError, match=r"Docker is not responding and a private daemon needs root; start Docker \("):
        daemon.ensure()


def test_missing_engine_without_go_has_advice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("INTERMODAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("INTERMODAL_ENGINE", "build")
    with pytest.raises(LocalError, match=r"`pulumi` is not on PATH.*install Pulumi \(https.* or Go 1.24 or later"):
        find.find()


def test_failed_build_shows_the_compilers_output(tmp_path: Path) -> None:
    go = shutil.which("go")
    assert go, "the engine can only be built with Go"
    (tmp_path / "go.mod").write_text("module broken.invalid\n\ngo 1.24\n")
    (tmp_path / "main.go").write_text("package main\n\nfunc main() { nothing() }\n")
    with pytest.raises(LocalError, match="undefined: nothing"):
        golang.run(go, tmp_path, "build", "./...", purpose="a test")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_command_line_prints_no_traceback(tiny_disk: Path) -> None:
    """Test end to end, from the command line: a private Docker daemon without disk space."""
    environment = {**os.environ, "INTERMODAL_CACHE": str(tiny_disk), "INTERMODAL_ENGINE": "build"}
    done = subprocess.run(
        [sys.executable, "-m", "local", "prepare"],
        cwd=paths.ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "error: Building the Pulumi engine needs 3 GiB of free space" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr

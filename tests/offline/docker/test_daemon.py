"""The private Docker daemon is started if Docker is not available, and is removed completely."""

import os
from pathlib import Path

import pytest

from intermodal_offline.docker import daemon
from local import paths, processes


@pytest.mark.skipif(
    os.geteuid() != 0, reason="a private daemon needs root; any other user needs an existing Docker daemon"
)
def test_stopped_private_daemon_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    monkeypatch.setattr(daemon, "FOLDER", tmp_path / ".local" / "docker")
    started = daemon.ensure()
    assert started.host == f"unix://{paths.sockets()}/docker.sock"
    assert daemon.ensure() == started, "a second call finds the first daemon"
    pid = processes.find(daemon.FOLDER / "dockerd.pid")
    assert pid is not None
    assert daemon.stop() is True
    assert not processes.is_alive(pid)
    assert not paths.sockets().exists()
    assert str(paths.sockets()) not in Path("/proc/mounts").read_text()
    assert daemon.stop() is False

"""Two clones use one port: one clone's commands do not touch the other's AWS emulator."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.harness.ports import free_port
from local import paths, processes, stack
from local.advice import LocalError
from local.aws import control, deployer, settings
from local.aws.settings import Emulator
from local.docker import daemon

FOREIGN_EMULATOR = """
import http.server, json, pathlib, sys, os
folder, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b'{"status": "ok"}')
    def do_POST(self):
        (folder / "was-reset").touch(); self.do_GET()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", port), Answers)
(folder / "port").write_text(str(port)); (folder / "pid").write_text(str(os.getpid()))
server.serve_forever()
"""
"""The part of an emulator that the commands inspect, in a separate clone."""


@pytest.fixture
def foreign_emulator(tmp_path: Path) -> Iterator[Emulator]:
    """Run another clone's emulator."""
    made = Emulator(folder=tmp_path / "theirs", port=free_port())
    made.folder.mkdir()
    process = subprocess.Popen([sys.executable, "-c", FOREIGN_EMULATOR, str(made.folder), str(made.port)])
    assert processes.poll(lambda: made.served_port() is not None, 10)
    yield made
    process.kill()
    process.wait()


@pytest.fixture
def own_emulator(foreign_emulator: Emulator, tmp_path: Path) -> Emulator:
    """Return this clone's emulator on the same port: it was started before and is stopped now."""
    made = Emulator(folder=tmp_path / "ours", port=foreign_emulator.port)
    (made.folder / "state").mkdir(parents=True)
    (made.folder / "state" / "sqs.json").write_text("{}")
    return made


def test_reset_does_not_touch_another_clones_emulator(
    foreign_emulator: Emulator, own_emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    control.reset(own_emulator)
    assert not (foreign_emulator.folder / "was-reset").exists()
    assert not (own_emulator.folder / "state").exists(), "this clone's state is deleted"
    assert "is not running; its stored state was removed" in capsys.readouterr().out


def test_reset_resets_our_own_emulator(foreign_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deployer, "ensure", lambda _: None)
    control.reset(foreign_emulator)
    assert (foreign_emulator.folder / "was-reset").exists()


def test_reset_at_another_clones_port_is_rejected(foreign_emulator: Emulator) -> None:
    elsewhere = Emulator(folder=foreign_emulator.folder, port=free_port())
    with pytest.raises(LocalError, match=f"is running on port {foreign_emulator.port}, not on {elsewhere.port}"):
        control.reset(elsewhere)


def test_stop_does_not_touch_another_clones_emulator(foreign_emulator: Emulator, own_emulator: Emulator) -> None:
    assert control.stop(own_emulator) is False
    assert control.running(foreign_emulator)


def test_another_clones_emulator_is_not_ours(foreign_emulator: Emulator, own_emulator: Emulator) -> None:
    assert control.healthy(own_emulator)
    assert not control.running(own_emulator)


def test_start_beside_another_clones_emulator_is_rejected(own_emulator: Emulator) -> None:
    with pytest.raises(LocalError, match=f"Port {own_emulator.port} on 127.0.0.1 is already in use"):
        control.start(own_emulator, "unix:///nowhere/docker.sock")


def test_refused_start_leaves_no_docker_daemon(own_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "of_clone", lambda: own_emulator)
    monkeypatch.setattr(daemon, "ensure", lambda: pytest.fail("Docker was started unnecessarily"))
    with pytest.raises(LocalError, match="already in use"):
        stack.start_services()


def test_docker_started_for_a_failed_start_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stopped: list[bool] = []

    def fails(*_: object) -> None:
        raise LocalError("it did not answer")

    monkeypatch.setattr(stack, "of_clone", lambda: Emulator(folder=tmp_path, port=free_port()))
    monkeypatch.setattr(daemon, "running", lambda: False)
    monkeypatch.setattr(daemon, "ensure", lambda: daemon.Docker(host="unix:///nowhere", private=True))
    monkeypatch.setattr(daemon, "stop", lambda: stopped.append(True))
    monkeypatch.setattr(control, "start", fails)
    with pytest.raises(LocalError, match="did not answer"):
        stack.start_services()
    assert stopped == [True]


def test_clone_finds_its_own_emulators_port(foreign_emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTERMODAL_AWS_PORT", raising=False)
    monkeypatch.setattr(paths, "LOCAL", foreign_emulator.folder.parent)
    foreign_emulator.folder.rename(foreign_emulator.folder.parent / "aws")
    assert settings.of_clone().port == foreign_emulator.port
    (foreign_emulator.folder.parent / "aws" / "pid").unlink()
    assert settings.of_clone().port == settings.DEFAULT_PORT


def test_environment_for_another_clones_port_is_rejected(foreign_emulator: Emulator) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", "env"], cwd=paths.ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "INTERMODAL_AWS_PORT": str(foreign_emulator.port)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == "", "a shell evaluates it"
    assert f"Port {foreign_emulator.port} on 127.0.0.1 is already in use" in done.stderr

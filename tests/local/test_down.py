"""`make down` finishes even if a destroy hangs."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import stack
from local.advice import LocalError
from local.engine import plugins
from local.engine.find import Engine
from local.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace whose engine is a shell script that exits with a code, or hangs with a child process."""
    program = tmp_path / "pulumi"
    program.write_text('#!/bin/sh\n[ "$1" = hang ] && { sleep 60 & echo $! > child; wait; }\nexit "$1"\n')
    program.chmod(0o755)
    engine = Engine(folder=tmp_path, origin="a test")
    return Workspace(engine=engine, folder=tmp_path, plugins=plugins.STAND_IN)


def test_run_in_time_returns_true(workspace: Workspace, tmp_path: Path) -> None:
    assert workspace.run_for(30, "0", cwd=tmp_path)


def test_failed_run_is_an_error(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="exit code 3"):
        workspace.run_for(30, "3", cwd=tmp_path)


def test_run_that_times_out_is_killed_with_its_children(workspace: Workspace, tmp_path: Path) -> None:
    assert not workspace.run_for(1, "hang", cwd=tmp_path)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]


@pytest.mark.parametrize(
    ("in_time", "removed"),
    [(True, ["stack rm local --yes --preserve-config"]),
     (False, ["cancel --stack local --yes", "stack rm local --yes --force --preserve-config"])],
)  # fmt: skip
def test_destroy_that_times_out_is_abandoned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], in_time: bool, removed: list[str]
) -> None:
    calls: list[str] = []

    def run(*arguments: str) -> str:
        calls.append(" ".join(arguments))
        return ""

    space = SimpleNamespace(plugins=plugins.OFFICIAL, run=run, attempt=run, run_for=lambda *_: in_time)
    local: Any = SimpleNamespace(workspace=space, cluster=None)
    monkeypatch.setattr(stack, "start_services", lambda: local)
    monkeypatch.setattr(stack, "_exists", lambda _: True)
    monkeypatch.setattr(stack, "_deployment", lambda _: {"resources": [{"type": "aws:sqs/queue:Queue"}]})
    monkeypatch.setattr(stack, "recover", lambda _: None)
    stack._destroy()
    said = capsys.readouterr().out
    assert calls == removed
    assert "the official aws plugin waits 42 s for each queue" in said
    assert ("it is removed with the AWS emulator" in said) is not in_time


@pytest.mark.parametrize(("kind", "joined"), [("aws:sqs/queue:Queue", False), ("kubernetes:core/v1:Namespace", True)])
def test_down_starts_kubernetes_only_if_it_holds_resources(
    monkeypatch: pytest.MonkeyPatch, kind: str, joined: bool
) -> None:
    space = SimpleNamespace(plugins=plugins.STAND_IN, run=lambda *_: "", run_for=lambda *_: True)
    local: Any = SimpleNamespace(workspace=space, cluster=None)
    joins: list[object] = []

    def join(given: Any) -> Any:
        joins.append(given)
        return given

    monkeypatch.setattr(stack, "start_services", lambda: local)
    monkeypatch.setattr(stack, "_exists", lambda _: True)
    monkeypatch.setattr(stack, "_deployment", lambda _: {"resources": [{"type": kind}]})
    monkeypatch.setattr(stack, "recover", lambda _: None)
    monkeypatch.setattr(stack, "_join_cluster", join)
    stack._destroy()
    assert joins == [local] * joined

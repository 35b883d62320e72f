"""Expensive artifacts are built once, by one process, and a killed build leaves nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local import cache, paths, processes
from local.advice import LocalError

MAKER = """
import os, sys, pathlib
from local import cache
def make(folder):
    with open(os.environ["MADE"], "a") as made: made.write("x")
    (folder / "half").write_text("1")
    print("making", flush=True)
    if sys.argv[1] == "wait": sys.stdin.read()
    (folder / "whole").write_text("1")
cache.build_once("thing", make)
"""


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("INTERMODAL_CACHE", str(tmp_path / "cache"))
    return {**os.environ, "MADE": str(tmp_path / "made"), "PYTHONPATH": str(paths.ROOT)}


def maker(environment: dict[str, str], mode: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", MAKER, mode]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_concurrent_builders_build_once(environment: dict[str, str], tmp_path: Path) -> None:
    with maker(environment, "wait") as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "making\n"
        with maker(environment, "go") as second:
            assert second.poll() is None, "the second waits for the first"
            first.communicate()
            assert (first.wait(10), second.wait(10)) == (0, 0)
    assert (tmp_path / "made").read_text() == "x"
    assert sorted(path.name for path in (tmp_path / "cache" / "thing").iterdir()) == ["half", "whole"]


def test_killed_build_leaves_nothing_and_is_retried(environment: dict[str, str], tmp_path: Path) -> None:
    with maker(environment, "wait") as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "making\n"
        killed.send_signal(signal.SIGKILL)
    assert not (tmp_path / "cache" / "thing").exists()
    with maker(environment, "go") as again:
        again.communicate()
    assert again.returncode == 0
    assert (tmp_path / "cache" / "thing" / "whole").exists()


def test_existing_entry_is_not_rebuilt(environment: dict[str, str]) -> None:
    made: list[Path] = []
    first = cache.build_once("other", made.append)
    assert cache.build_once("other", made.append) == first
    assert len(made) == 1


def test_concurrent_runs_in_one_clone_are_serialized(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCAL", tmp_path / ".local")
    refused = pytest.raises(LocalError, match=r"Another `make` is using the stack in .*; wait for it to finish")
    with cache.clone_lock(), refused, cache.clone_lock():
        pass
    with cache.clone_lock():
        pass


def test_process_is_found_by_its_file_until_it_exits(tmp_path: Path) -> None:
    pid = processes.launch(["sleep", "60"], dict(os.environ), tmp_path / "log")
    file = tmp_path / "pid"
    file.write_text(str(pid))
    assert processes.find(file) == pid
    assert processes.stop(file, seconds=5) is True
    assert not processes.is_alive(pid)
    assert not file.exists()
    assert processes.stop(file, seconds=5) is False


def test_reused_process_id_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    file.write_text(str(os.getpid()))
    os.utime(file, (1, 1))  # older than this process
    assert processes.find(file) is None

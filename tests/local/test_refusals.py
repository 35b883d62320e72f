"""Each error in the local environment says how to fix it."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import __main__ as cli
from local import advice, extensions
from local.advice import LocalError
from local.aws import control, patching, settings
from local.docker import daemon
from local.engine import find, plugins


def test_port_in_use_is_refused_with_advice() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalError) as refused:
            control.refuse_taken_port(port)
    assert str(refused.value) == (
        f"Port {port} on 127.0.0.1 is already in use, so the AWS emulator cannot use it; "
        f"stop the other process (`ss -ltnp sport = :{port}` shows it), or set INTERMODAL_AWS_PORT to a "
        "free port."
    )


@pytest.mark.parametrize("port", ["80", "http", "70000"])
def test_invalid_port_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERMODAL_AWS_PORT", port)
    with pytest.raises(LocalError, match=f"must be a port from 1024 to 65535, got '{port}'"):
        settings.of_clone()


def test_missing_docker_advice_lists_both_ways_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    monkeypatch.setattr(extensions, "find", lambda _: None)
    with pytest.raises(LocalError, match=r"Docker is not responding; start Docker .*, or install intermodal-offline"):
        daemon.ensure()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MiB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_missing_engine_advice_lists_both_ways_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("INTERMODAL_ENGINE", "build")
    monkeypatch.setattr(extensions, "find", lambda _: None)
    with pytest.raises(LocalError, match=r"`pulumi` is not on PATH.* install Pulumi .*, or install intermodal-offl"):
        find.find()


def test_insufficient_disk_space_is_rejected_early(tiny_disk: Path) -> None:
    with pytest.raises(
        LocalError, match=r"Building the engine needs 3 GiB of free space in .*, which has 0.0 GiB; free some space"
    ):
        advice.need_space(tiny_disk / "cache", 3, "Building the engine")


def test_full_disk_is_reported_in_one_sentence(tiny_disk: Path) -> None:
    file = tiny_disk / "file"
    with pytest.raises(OSError, match="No space left") as full:
        file.write_bytes(bytes(2 << 20))
    said = advice.disk_full(full.value)
    assert said is not None
    assert "run the same command again to resume" in str(said)
    assert advice.disk_full(FileNotFoundError(2, "no")) is None


def test_start_refuses_another_ministack(monkeypatch: pytest.MonkeyPatch) -> None:
    patching.refuse_other_version()
    monkeypatch.setitem(patching.EXPECTED, (patching.LAMBDA, "_run_sqs_batch"), ("other",))
    monkeypatch.setitem(patching.EXPECTED, (patching.LAMBDA, "_gone"), ())
    message = r"_run_sqs_batch has parameters .* not \('other',\); .*_gone has parameters None, not \(\)"
    with pytest.raises(LocalError, match=message):
        patching.refuse_other_version()


def test_markup_like_output_is_printed_verbatim(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._print_error(LocalError("must be [a-z][a-z0-9]{0,15}, see [/bin/sh -c false]")) == 1
    assert "must be [a-z][a-z0-9]{0,15}, see [/bin/sh -c false]" in capsys.readouterr().out


def test_workspace_with_a_stack_keeps_its_plugins(tmp_path: Path) -> None:
    """An existing stack must keep its plugin, whether the download site becomes reachable or unreachable."""
    for known in (plugins.OFFICIAL, plugins.STAND_IN, plugins.Choice(frozenset({"aws"}))):
        folder = tmp_path / f"with-{known.folder}"
        stacks = folder / known.folder / "state" / ".pulumi" / "stacks" / "intermodal"
        stacks.mkdir(parents=True)
        (stacks / "local.json").write_text("{}")
        assert plugins.choose(folder) == known

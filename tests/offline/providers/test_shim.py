"""The provider's executable is installed in the right place, starts, and exits with its parent."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from intermodal_offline import providers
from tests.offline.providers.conftest import until


def test_shim_is_installed_completely(tmp_path: Path) -> None:
    shim = providers.install(tmp_path / "a home", "v7.51.1", Path(sys.executable))
    assert shim == tmp_path / "a home/plugins/resource-aws-v7.51.1/pulumi-resource-aws"
    assert os.access(shim, os.X_OK)
    assert providers.install(tmp_path / "a home", "7.51.1", Path(sys.executable)) == shim
    assert [entry.name for entry in shim.parent.iterdir()] == [shim.name]


@pytest.mark.parametrize("linked", [True, False])
def test_official_plugin_is_not_overwritten(tmp_path: Path, *, linked: bool) -> None:
    place, own = tmp_path / "plugins/resource-aws-v7.51.1", tmp_path / "own"
    place.parent.mkdir()
    own.mkdir()
    if linked:
        place.symlink_to(own)
    else:
        place.mkdir()
        (place / "pulumi-resource-aws").write_bytes(b"\x7fELF")
    with pytest.raises(FileExistsError, match="which is not replaced"):
        providers.install(tmp_path, "7.51.1", Path(sys.executable))
    assert list(own.iterdir()) == []


def test_plugin_prints_its_port_and_exits_with_its_parent(tmp_path: Path) -> None:
    shim = providers.install(tmp_path, "7.51.1", Path(sys.executable))
    # A shell acts as the engine: when killed, it closes nothing.
    port_file = tmp_path / "port"
    script = f"'{shim}' > '{port_file}' & echo $!; wait"
    with subprocess.Popen(["/bin/sh", "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        plugin = int(parent.stdout.readline())
        try:
            until(lambda: port_file.exists() and port_file.read_text().endswith("\n"), "the plugin's port")
            with socket.create_connection(("127.0.0.1", int(port_file.read_text())), timeout=5):
                assert is_running(plugin)
            parent.kill()
            parent.wait()
            until(lambda: not is_running(plugin), "the plugin to exit after its parent")
        finally:
            parent.kill()
            if is_running(plugin):
                os.kill(plugin, signal.SIGKILL)


def is_running(process: int) -> bool:
    """Return whether a process is running; a zombie is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False

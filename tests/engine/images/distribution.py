"""Run the reference registry (distribution) from its Go module, with its images in memory."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from bench.harness.ports import free_port
from intermodal_offline import golang
from local import processes
from local.cache import build_once
from local.console import step

MODULE = Path(__file__).with_name("distribution")
KEY = "distribution/3.0.0"
START_SECONDS = 30.0


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a registry while the block runs; yield its address."""
    address = f"127.0.0.1:{free_port()}"
    config = folder / "config.yml"
    log = {"level": "error", "accesslog": {"disabled": True}}
    config.write_text(
        json.dumps({"version": "0.1", "log": log, "storage": {"inmemory": {}}, "http": {"addr": address}})
    )
    server = subprocess.Popen([build_once(KEY, _build) / "registry", "serve", config])
    try:
        assert processes.poll(lambda: _responds(address), START_SECONDS), "the registry does not respond"
        yield address
    finally:
        server.terminate()
        server.wait()


def _responds(address: str) -> bool:
    try:
        return requests.get(f"http://{address}/v2/", timeout=5).ok
    except requests.ConnectionError:
        return False


def _build(folder: Path) -> None:
    go = golang.find("The distribution registry is built from its Go module; install Go 1.24 or later.")
    with step("Building the distribution registry from its Go module", "takes two minutes, once per machine"):
        golang.run(go, MODULE, "build", "-trimpath", "-buildvcs=false", "-o", str(folder / "registry"), ".",
                   purpose="the distribution registry")  # fmt: skip

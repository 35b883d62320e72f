"""Run an image behind aws-lambda-rie, AWS's Runtime API server."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from docker import DockerClient

from bench.harness.ports import free_port
from local.processes import poll

LOOPBACK, SECONDS = "127.0.0.1", 20.0


@contextmanager
def run_behind_rie(client: DockerClient, program: Path, image: str, timeout_seconds: int) -> Iterator["Rie"]:
    """Start a container from the image under the emulator."""
    port = free_port()
    here, api = f"{LOOPBACK}:{port}", f"{LOOPBACK}:{free_port()}"
    config = client.images.get(image).attrs["Config"]
    options = ["/rie", "--runtime-interface-emulator-address", here, "--runtime-api-address", api]
    container = client.containers.run(
        image,
        [*(config["Entrypoint"] or []), *(config["Cmd"] or [])],
        entrypoint=options,
        environment={"AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_seconds), "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256"},
        volumes={str(program): {"bind": "/rie", "mode": "ro"}},
        network_mode="host",
        detach=True,
    )
    try:
        served = Rie(LOOPBACK, port)
        assert poll(served.is_listening, SECONDS), container.logs().decode()
        yield served
    finally:
        container.remove(force=True)


class Rie:
    """The emulator's Invoke route."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._url = f"http://{host}:{port}/2015-03-31/functions/function/invocations"

    def is_listening(self) -> bool:
        """Return whether the port is open; any request would count as an invocation."""
        with socket.socket() as probe:
            return probe.connect_ex(self._address) == 0

    def invoke(self, event: Any) -> Any:
        """Return the response, parsed if it is JSON."""
        answer = requests.post(self._url, data=json.dumps(event), timeout=SECONDS)
        try:
            return answer.json()
        except ValueError:
            return answer.text

"""An image behind aws-lambda-rie, AWS's own Runtime API server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from docker import DockerClient

from local.processes import poll
from tests.conftest import free_port

SECONDS = 20.0


@contextmanager
def behind_rie(client: DockerClient, program: Path, image: str, timeout_seconds: int) -> Iterator["Rie"]:
    """A container of the image, whose process the emulator starts."""
    here, api = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
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
        served = Rie(f"http://{here}/2015-03-31/functions/function/invocations")
        assert poll(served.listens, SECONDS), container.logs().decode()
        yield served
    finally:
        container.remove(force=True)


class Rie:
    """Its Invoke route."""

    def __init__(self, url: str) -> None:
        self._url = url

    def listens(self) -> bool:
        """Whether it answers at all; a GET is none of its business."""
        try:
            requests.get(self._url, timeout=1)
        except requests.RequestException:
            return False
        return True

    def invoke(self, event: Any) -> Any:
        """The answer, as JSON where it is."""
        answer = requests.post(self._url, data=json.dumps(event), timeout=SECONDS)
        try:
            return answer.json()
        except ValueError:
            return answer.text

"""The same handlers behind AWS's Runtime Interface Emulator and behind our server return the same responses.

AWS's emulator is a second reference besides our own Runtime API server; this file lists their differences.
"""

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from bench.harness.ports import free_port
from bench.runtime import rie
from intermodal_runtime import Result
from local.processes import poll
from tests.runtime.harness import HANDLERS, client, run, runner

FUNCTION = {"AWS_LAMBDA_FUNCTION_NAME": "scan", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "AWS_REGION": "us-east-1"}
TIMEOUT_SECONDS = 3
OF_ONE_RUN = ("request_id", "remaining_ms", "trace", "pid", "requestId", "client")
ARN_OF_THE_EMULATOR = "arn:aws:lambda:us-east-1:012345678912:function:scan"
"""ARN that the emulator assigns to every function, in a made-up account."""


@pytest.fixture(scope="module")
def rie_binary() -> Path:
    """Build the program once per machine."""
    return rie.binary() or pytest.fail("aws-lambda-rie cannot be built: is Go installed?", pytrace=False)


@contextmanager
def run_emulator(rie_binary: Path, handler: str, log: Path) -> Iterator[str]:
    """Run a function behind the emulator; yield the URL that invokes it."""
    here, api = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    timeout = {"AWS_LAMBDA_FUNCTION_TIMEOUT": str(TIMEOUT_SECONDS)}
    options = ["--runtime-interface-emulator-address", here, "--runtime-api-address", api]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [rie_binary, *options, *client(handler)],
            env={**inherited, **FUNCTION, **timeout, "PYTHONPATH": str(HANDLERS)},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        assert poll(lambda: _answers(here), 10), log.read_text()
        yield f"http://{here}/2015-03-31/functions/function/invocations"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _answers(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def run_ours(handler: str, event: Any) -> Result:
    """Run the same function behind our server."""

    async def scenario() -> Result:
        function: Any = {"name": "scan", "memory_mib": 512, "timeout_seconds": TIMEOUT_SECONDS}
        async with runner(client(handler), **function) as one:
            return await one.invoke(json.dumps(event).encode())

    return run(scenario(), 30)


def normalize(body: Any) -> Any:
    """Return a response without values that differ between runs, with the emulator's wording replaced by ours."""
    if not isinstance(body, dict):
        return body
    kept = {key: value for key, value in body.items() if key not in OF_ONE_RUN}
    if kept.get("arn") == ARN_OF_THE_EMULATOR:
        kept["arn"] = "arn:aws:lambda:us-east-1:000000000000:function:scan"
    if "errorMessage" in kept:  # our server has the ID only in a separate field
        kept["errorMessage"] = kept["errorMessage"].rpartition("Error: ")[2]
    return kept


@pytest.mark.parametrize(
    ("handler", "event"),
    [
        ("app.echo", {"n": 1}),
        ("app.echo", [1, "zwei", None]),
        ("app.echo", "text"),
        ("app.fail", {"what": "luck"}),
        ("app.leave", {}),
        ("app.large", {"bytes": 100_000}),
        ("nowhere.handler", {}),
    ],
)
def test_responses_match_the_rie(rie_binary: Path, tmp_path: Path, handler: str, event: Any) -> None:
    with run_emulator(rie_binary, handler, tmp_path / "rie.log") as url:
        answer = requests.post(url, data=json.dumps(event), timeout=20)
    result = run_ours(handler, event)
    assert normalize(json.loads(result.payload)) == normalize(answer.json())

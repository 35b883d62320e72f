"""Provide one emulator and one engine for the whole folder; IAM is off, because this tests a table, not policies."""

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bench.harness.ports import free_port
from local import paths, processes
from tests.engine.conftest import engine_folder
from tests.offline.providers.rpc import Plugin
from tests.offline.providers.services import SERVICES
from tests.offline.providers.stack import ACCOUNT, REGION, Engine

__all__ = ["emulator", "engine_folder"]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a separate ministack process; return its address."""
    folder = tmp_path_factory.mktemp("ministack")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "SFTP_ENABLED": "0", "IOT_MTLS_ENABLED": "0",
        "STATE_DIR": str(folder / "state"), "S3_DATA_DIR": str(folder / "s3"), "AWS_ENDPOINT_URL": url,
        "AUTH": "false", "PERSIST_STATE": "0", "PYTHONPATH": str(paths.ROOT),
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.offline.providers.emulator"], env=bare_environment() | settings, cwd=folder,
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: is_serving(url), f"ministack on {url}; its log is {folder / 'log'}")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def bare_environment() -> dict[str, str]:
    """Return the environment without variables that point to a real account or another engine."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}


def is_serving(url: str) -> bool:
    """Return whether an HTTP server responds at the address."""
    try:
        with urllib.request.urlopen(url + "/_ministack/health", timeout=1):  # noqa: S310 - our own loopback address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def until(condition: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Poll with a deadline."""
    if not processes.poll(condition, seconds):
        pytest.fail(f"timed out after {seconds} s waiting for {what}", pytrace=False)


@pytest.fixture(scope="session")
def client(emulator: str) -> Callable[[str], Any]:
    """Return a factory of boto3 clients outside the engine."""
    made: dict[str, Any] = {}
    connect: Any = boto3.Session().client  # Any: boto3's stubs accept only literal service names

    def of(service: str) -> Any:
        if service not in made:
            made[service] = connect(
                service,
                endpoint_url=emulator,
                region_name=REGION,
                aws_access_key_id=ACCOUNT,
                aws_secret_access_key="test",
                config=Config(s3={"addressing_style": "path"}),
            )
        return made[service]

    return of


@pytest.fixture(scope="session")
def engine(engine_folder: Path, emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return an engine in its own folder, with the offline provider as its aws plugin."""
    folder = tmp_path_factory.mktemp("engine")
    profile = folder / "aws-config"
    profile.write_text(
        f"[profile emulator]\nregion = {REGION}\nendpoint_url = {emulator}\n"
        f"aws_access_key_id = {ACCOUNT}\naws_secret_access_key = test\n"
    )
    shutil.copytree(Path(__file__).with_name("program"), folder / "program")
    path = os.pathsep.join([str(engine_folder), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environment = bare_environment() | {
        "PATH": path, "AWS_PROFILE": "emulator", "AWS_CONFIG_FILE": str(profile), "PYTHONPATH": str(paths.ROOT),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }  # fmt: skip
    return Engine.prepare(engine_folder / "pulumi", folder, environment)


@pytest.fixture(scope="module")
def dependencies(client: Callable[[str], Any]) -> Iterator[Mapping[str, Any]]:
    """Create the resources that the cases refer to; yield the values that the emulator assigned."""
    with ExitStack() as stack:
        yield {
            name: value
            for service in SERVICES
            for name, value in stack.enter_context(contextmanager(service.dependencies)(client)).items()
        }


@pytest.fixture(scope="module")
def plugin(emulator: str) -> Plugin:
    """Return one plugin for all tests, because reading EC2's API model alone takes half a second."""
    return Plugin(emulator).configure()

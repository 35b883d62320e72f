"""Start, stop, and reset the AWS emulator, and follow its log."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from local import paths, processes
from local.advice import LocalError
from local.aws import deployer
from local.aws.settings import ACCOUNT, REGION, Emulator
from local.console import out, step

START_SECONDS = 60
STOP_SECONDS = 20


def start(emulator: Emulator, docker_host: str) -> None:
    """Start the emulator unless it is running, and create its deployer.

    Raises:
        LocalError: the port is in use, or the emulator did not start.
    """
    if not running(emulator):
        refuse_foreign(emulator)
        processes.stop(emulator.pid_file, seconds=STOP_SECONDS)
        refuse_taken_port(emulator.port)
        with step(f"Starting the AWS emulator on port {emulator.port}"):
            _launch(emulator, docker_host)
    deployer.ensure(emulator)


def stop(emulator: Emulator) -> bool:
    """Stop the emulator, which saves its state and removes its containers; return False if it was not running."""
    return processes.stop(emulator.pid_file, seconds=STOP_SECONDS)


def reset(emulator: Emulator) -> None:
    """Delete every resource in the emulator, running or not; recreate the deployer if the emulator is running.

    Raises:
        LocalError: the emulator is running on another port, so the configured port belongs to another emulator.
    """
    served = emulator.served_port()
    if served is None:
        remove(emulator)
        out.print("This clone's AWS emulator is not running; its stored state was removed.")
        return
    if served != emulator.port:
        raise LocalError(
            f"This clone's AWS emulator is running on port {served}, not on {emulator.port}; "
            f"set INTERMODAL_AWS_PORT to {served}, or unset it."
        )
    request = urllib.request.Request(f"{emulator.endpoint}/_ministack/reset", method="POST")  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60):  # noqa: S310 - loopback
        pass
    deployer.ensure(emulator)


def remove(emulator: Emulator) -> None:
    """Remove a stopped emulator's stored state."""
    shutil.rmtree(emulator.folder, ignore_errors=True)


def follow(emulator: Emulator) -> None:
    """Follow the emulator's log until interrupted."""
    subprocess.run(["tail", "-n", "50", "-F", emulator.log], check=False)


def running(emulator: Emulator) -> bool:
    """Return whether this clone's emulator, and not another clone's, is running on its port."""
    return emulator.served_port() == emulator.port and healthy(emulator)


def refuse_foreign(emulator: Emulator) -> None:
    """Raise an error if another process is listening on the emulator's port.

    Raises:
        LocalError: another process is listening on the port.
    """
    if emulator.served_port() != emulator.port:
        refuse_taken_port(emulator.port)


def healthy(emulator: Emulator) -> bool:
    """Return whether any emulator is running on this port."""
    try:
        with urllib.request.urlopen(f"{emulator.endpoint}/_ministack/health", timeout=5) as answer:  # noqa: S310 - loopback
            return bool(json.load(answer))
    except (urllib.error.URLError, OSError, ValueError):
        return False


def refuse_taken_port(port: int) -> None:
    """Raise an error if the port is in use, before a server fails with a less helpful error.

    Raises:
        LocalError: a process is listening on `port` of 127.0.0.1.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalError(
                f"Port {port} on 127.0.0.1 is already in use, so the AWS emulator cannot use it; "
                f"stop the other process (`ss -ltnp sport = :{port}` shows it), or set INTERMODAL_AWS_PORT "
                "to a free port."
            ) from None


def _launch(emulator: Emulator, docker_host: str) -> None:
    emulator.folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "local.aws.emulator"]
    pid = processes.launch(command, _environment(emulator, docker_host), emulator.log)
    ready = processes.poll(lambda: healthy(emulator) or not processes.is_alive(pid), START_SECONDS)
    if not ready or not healthy(emulator):
        if processes.is_alive(pid):
            os.kill(pid, signal.SIGKILL)
        tail = "\n".join(emulator.log.read_text().splitlines()[-12:])
        raise LocalError(
            f"The AWS emulator exited or did not respond within {START_SECONDS} s; run this again. Its log ends with:\n"
            f"{tail}"
        )


def _environment(emulator: Emulator, docker_host: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return kept | {
        "PYTHONPATH": str(paths.ROOT),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(emulator.port),
        "AUTH": "true",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(emulator.folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(emulator.folder / "s3"),
        "AWS_ENDPOINT_URL": emulator.endpoint,  # otherwise a function would call AWS
        "DOCKER_HOST": docker_host,
        "INTERMODAL_EMULATOR_FOLDER": str(emulator.folder),
    }

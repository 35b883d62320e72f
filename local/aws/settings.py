"""Define settings that the emulator, its clients, and its containers share."""

import os
from dataclasses import dataclass
from pathlib import Path

from local import paths, processes
from local.advice import LocalError

DEFAULT_PORT = 4599
REGION = "eu-central-1"
ACCOUNT = "000000000000"
PROFILE = "intermodal-local"
PROVIDER_CONFIG = {"aws:skipCredentialsValidation": "true", "aws:skipRequestingAccountId": "true"}
"""Config that makes the official aws plugin work with buckets on a loopback address. With an account ID, the plugin
would read bucket tags from S3 Control at ACCOUNT.127.0.0.1, which is not a host. With only one of these settings, it
would get the account ID from STS."""


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """Folder and port of an AWS emulator."""

    folder: Path
    port: int

    @property
    def endpoint(self) -> str:
        """URL of every service; it is on the loopback interface, so its tokens are useless elsewhere."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid_file(self) -> Path:
        """File with the running emulator's PID."""
        return self.folder / "pid"

    @property
    def port_file(self) -> Path:
        """File with the running emulator's port."""
        return self.folder / "port"

    def served_port(self) -> int | None:
        """Return the port on which this emulator is running, or None if it is not running."""
        if processes.find(self.pid_file) is None:
            return None
        try:
            return int(self.port_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def log(self) -> Path:
        """The emulator's log file."""
        return self.folder / "emulator.log"

    @property
    def label(self) -> str:
        """Label value on the emulator's containers; only containers with this value are ever removed."""
        return str(self.folder)

    def client_environment(self) -> dict[str, str]:
        """Return environment variables that select the deployer's profile for boto3, the AWS CLI, and the provider."""
        return {
            "AWS_CONFIG_FILE": str(self.folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "AWS_PROFILE": PROFILE,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def of_clone() -> Emulator:
    """Return this clone's emulator; its port is INTERMODAL_AWS_PORT, else the running port, else the default.

    Raises:
        LocalError: INTERMODAL_AWS_PORT is not a valid port.
    """
    folder = paths.LOCAL / "aws"
    chosen = os.environ.get("INTERMODAL_AWS_PORT")
    if chosen is None:
        return Emulator(folder=folder, port=Emulator(folder=folder, port=DEFAULT_PORT).served_port() or DEFAULT_PORT)
    if not chosen.isdigit() or not 1024 <= int(chosen) <= 65535:
        raise LocalError(
            f"INTERMODAL_AWS_PORT must be a port from 1024 to 65535, got {chosen!r}; correct it or unset it."
        )
    return Emulator(folder=folder, port=int(chosen))

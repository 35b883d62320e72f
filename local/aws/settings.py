"""What the emulator, its clients and its containers have to agree on."""

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
"""What the official aws plugin needs for buckets on a loopback address: with an account it asks S3 Control for their
tags at ACCOUNT.127.0.0.1, which is no host. Either setting alone leaves it the account of STS."""


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """One embedded AWS: its folder and its port."""

    folder: Path
    port: int

    @property
    def endpoint(self) -> str:
        """The one URL of every service; a loopback address, so no token of it works anywhere else."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid_file(self) -> Path:
        """Process id of the running emulator."""
        return self.folder / "pid"

    @property
    def port_file(self) -> Path:
        """Port of the running emulator."""
        return self.folder / "port"

    def served_port(self) -> int | None:
        """Return the port that this emulator's own process serves; None where it does not run."""
        if processes.of(self.pid_file) is None:
            return None
        try:
            return int(self.port_file.read_text())
        except (FileNotFoundError, ValueError):
            return None

    @property
    def log(self) -> Path:
        """What the emulator says."""
        return self.folder / "emulator.log"

    @property
    def label(self) -> str:
        """Value of the label that its containers carry, so that nothing else is ever removed."""
        return str(self.folder)

    def client_environment(self) -> dict[str, str]:
        """Variables by which boto3, the AWS CLI and the provider find the profile of the deployer."""
        return {
            "AWS_CONFIG_FILE": str(self.folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "AWS_PROFILE": PROFILE,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def of_clone() -> Emulator:
    """Return the emulator of this clone: on INTERMODAL_AWS_PORT, else where it runs, else on the default port.

    Raises:
        LocalError: INTERMODAL_AWS_PORT is no port.
    """
    folder = paths.LOCAL / "aws"
    chosen = os.environ.get("INTERMODAL_AWS_PORT")
    if chosen is None:
        return Emulator(folder=folder, port=Emulator(folder=folder, port=DEFAULT_PORT).served_port() or DEFAULT_PORT)
    if not chosen.isdigit() or not 1024 <= int(chosen) <= 65535:
        raise LocalError(f"INTERMODAL_AWS_PORT must be a port from 1024 to 65535, got {chosen!r}; correct it.")
    return Emulator(folder=folder, port=int(chosen))

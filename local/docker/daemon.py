"""Docker: the machine's when it answers, else a private daemon of an extension."""

import os
from dataclasses import dataclass
from typing import Protocol

import docker
from docker.errors import DockerException

from local import extensions

MISSING = (
    "Docker does not answer; start Docker (https://docs.docker.com/engine/install/), "
    "or set DOCKER_HOST to one that runs"
)


@dataclass(frozen=True, kw_only=True)
class Docker:
    """A Docker that answers."""

    host: str
    """Value of DOCKER_HOST."""
    private: bool
    """Ours to stop."""

    def client(self) -> docker.DockerClient:
        """A client of this daemon, to be closed by who asked for it."""
        return docker.DockerClient(base_url=self.host)


class PrivateDocker(Protocol):
    """Run a daemon for this clone alone."""

    def ensure(self) -> Docker:
        """Return the daemon; start it if it does not run."""

    def running(self) -> bool:
        """Return whether it runs."""

    def stop(self) -> bool:
        """Stop it; return False if none ran."""


def ensure() -> Docker:
    """Return the machine's Docker, else the private one, started if it does not run.

    Raises:
        LocalError: no Docker answers, and no extension can start one.
    """
    if found := of_machine():
        return found
    private: PrivateDocker = extensions.require("docker", MISSING)
    return private.ensure()


def of_machine() -> Docker | None:
    """The Docker that DOCKER_HOST, the current context's socket or the default socket name, if it answers."""
    if os.environ.get("INTERMODAL_DOCKER") == "private":
        return None
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    return Docker(host=host, private=False) if answers(host) else None


def running() -> bool:
    """Return whether the private daemon runs."""
    private: PrivateDocker | None = extensions.find("docker")
    return private is not None and private.running()


def stop() -> bool:
    """Stop the private daemon; its images stay in `.local` for the next one. Return False if none ran."""
    private: PrivateDocker | None = extensions.find("docker")
    return private is not None and private.stop()


def answers(host: str) -> bool:
    """Whether a Docker daemon answers at `host`."""
    try:
        client = docker.DockerClient(base_url=host, timeout=5)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()

"""Docker daemon: the machine's if it is running, else a private one from an extension."""

import os
from dataclasses import dataclass
from typing import Protocol

import docker
from docker.errors import DockerException

from local import extensions

MISSING = (
    "Docker is not responding; start Docker (https://docs.docker.com/engine/install/), "
    "or set DOCKER_HOST to a running daemon"
)


@dataclass(frozen=True, kw_only=True)
class Docker:
    """A Docker daemon that answers."""

    host: str
    """Value of DOCKER_HOST."""
    private: bool
    """Whether this project started it and may stop it."""

    def client(self) -> docker.DockerClient:
        """Return a client of this daemon; the caller closes it."""
        return docker.DockerClient(base_url=self.host)


class PrivateDocker(Protocol):
    """Extension that runs a daemon for this clone alone."""

    def ensure(self) -> Docker:
        """Return the daemon; start it if it is not running."""

    def running(self) -> bool:
        """Return whether the daemon is running."""

    def stop(self) -> bool:
        """Stop the daemon; return False if it was not running."""


def ensure() -> Docker:
    """Return the machine's Docker, else the private one; start that if it is not running.

    Raises:
        LocalError: no Docker daemon is running, and no extension can start one.
    """
    if found := of_machine():
        return found
    private: PrivateDocker = extensions.require("docker", MISSING)
    return private.ensure()


def of_machine() -> Docker | None:
    """Return the Docker of DOCKER_HOST, else of the default socket, if it answers."""
    if os.environ.get("INTERMODAL_DOCKER") == "private":
        return None
    host = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    return Docker(host=host, private=False) if answers(host) else None


def running() -> bool:
    """Return whether the private daemon is running."""
    private: PrivateDocker | None = extensions.find("docker")
    return private is not None and private.running()


def stop() -> bool:
    """Stop the private daemon and keep its images in `.local`; return False if it was not running."""
    private: PrivateDocker | None = extensions.find("docker")
    return private is not None and private.stop()


def answers(host: str) -> bool:
    """Return whether a Docker daemon responds at `host`."""
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

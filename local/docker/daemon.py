"""Find the machine's Docker daemon, or start a private one with an extension."""

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
    """A responsive Docker daemon."""

    host: str
    """Value of DOCKER_HOST."""
    private: bool
    """Whether this project started it and may stop it."""

    def client(self) -> docker.DockerClient:
        """Return a client for this daemon; the caller must close it."""
        return docker.DockerClient(base_url=self.host)


class PrivateDocker(Protocol):
    """Extension that runs a daemon for this clone only."""

    def ensure(self) -> Docker:
        """Return the daemon; start it if it is not running."""

    def running(self) -> bool:
        """Return whether the daemon is running."""

    def stop(self) -> bool:
        """Stop the daemon; return False if it was not running."""


def ensure() -> Docker:
    """Return the machine's Docker daemon, or else the private one, which is started if necessary.

    Raises:
        LocalError: no Docker daemon is running, and no extension can start one.
    """
    if found := of_machine():
        return found
    private: PrivateDocker = extensions.require("docker", MISSING)
    return private.ensure()


def of_machine() -> Docker | None:
    """Return the daemon at DOCKER_HOST or the default socket, or None if it does not respond."""
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

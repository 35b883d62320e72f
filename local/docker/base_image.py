"""Pull the examples' base image, or let an extension build it if no registry is reachable."""

import os
from collections.abc import Callable

from docker import DockerClient
from docker.errors import APIError, ImageNotFound

from local import extensions
from local.console import step

UPSTREAM = "python:3.11-slim-bookworm"
OWN = "intermodal-local/python:3.11-bookworm"
MISSING = f"{UPSTREAM} cannot be pulled; load it into Docker manually"


def ensure(client: DockerClient) -> str:
    """Return the base image's name; pull or build the image if Docker does not have it.

    Raises:
        LocalError: no registry is reachable, and no extension can build it.
    """
    for name in (UPSTREAM, OWN):
        if is_present(client, name):
            return name
    return _pull(client) or _make(client)


def is_present(client: DockerClient, name: str) -> bool:
    """Return whether Docker has an image with this name."""
    try:
        client.images.get(name)
    except ImageNotFound:
        return False
    return True


def _pull(client: DockerClient) -> str | None:
    if os.environ.get("INTERMODAL_BASE_IMAGE") == "build":
        return None
    with step(f"Pulling the base image {UPSTREAM}"):
        try:
            client.images.pull(UPSTREAM)
        except (APIError, ImageNotFound):  # an extension can build it instead
            return None
    return UPSTREAM


def _make(client: DockerClient) -> str:
    make: Callable[[DockerClient], str] = extensions.require("base_image", MISSING)
    return make(client)

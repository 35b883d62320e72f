"""Build the images that a program references by folder, and pull those in a registry on this machine."""

from collections.abc import Iterable

from docker import DockerClient
from docker.errors import APIError, BuildError

from intermodal.images import reference as image
from local.advice import LocalError
from local.console import step
from local.docker import base_image


def ensure(client: DockerClient, folders: Iterable[str]) -> list[str]:
    """Return the image references for `folders` (relative to the clone); build the missing images.

    Raises:
        LocalError: a build failed; the message contains the end of its output.
    """
    return [_ensure(client, folder) for folder in folders]


def _ensure(client: DockerClient, folder: str) -> str:
    reference = image.build_reference(folder)
    if not base_image.is_present(client, reference):
        base = base_image.ensure(client)
        with step(f"Building the image in {folder}", "its files changed, or this is the first build"):
            build(client, folder, reference, base)
    return reference


def has(client: DockerClient, reference: str) -> bool:
    """Return whether Docker has an image; pull it first if it is in a registry on this machine."""
    if base_image.is_present(client, reference):
        return True
    return image.is_on_this_machine(reference) and _pull(client, reference)


def _pull(client: DockerClient, reference: str) -> bool:
    try:
        client.images.pull(reference)
    except APIError:  # the registry does not have it, or is not running
        return False
    return True


def build(client: DockerClient, folder: str, reference: str, base: str) -> None:
    """Build an image; `base` is the base image that the Dockerfile's BASE_IMAGE argument is set to.

    Raises:
        LocalError: the build failed; the message contains the end of its output.
    """
    try:
        client.images.build(
            path=folder, tag=reference, buildargs={"BASE_IMAGE": base}, network_mode="host", rm=True, forcerm=True
        )
    except BuildError as error:
        output = "".join(str(line.get("stream", "")) for line in error.build_log)[-1500:]
        raise LocalError(f"Building the image in {folder} failed; correct the build:\n{output}{error}") from error
    except APIError as error:
        raise LocalError(f"Docker could not build the image in {folder}: {error.explanation}") from error

"""Parse image references, and build references for folders, with a hash of the contents as the tag."""

import hashlib
import os
import re
from pathlib import Path

REGISTRY = "intermodal-local"
"""First component of locally built image names."""

PATH = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*")
"""Pattern for relative paths that are valid image names (distribution reference grammar: path components)."""

IGNORED = frozenset({"__pycache__", ".git", ".venv", ".DS_Store"})
TAG_CHARACTERS = 20

REFERENCE = re.compile(r"(?P<name>[^@]+?)(?::(?P<tag>\w[\w.-]*))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?")
"""Pattern for an image's name, tag and digest (distribution reference grammar)."""

HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?|[A-Za-z0-9-]+:\d+|localhost")
"""Pattern for a registry host (distribution reference grammar: domain-name, or localhost)."""

THIS_MACHINE = re.compile(r"(127\.\d+\.\d+\.\d+|localhost):\d+/.+")
"""Pattern for an image in a registry on the loopback interface, for which Docker uses HTTP."""

BUILD_ADVICE = "`docker buildx build --platform linux/amd64 --provenance=false --sbom=false --push -t IMAGE .`"
"""Command that builds a single manifest for one platform. By default, buildx adds a provenance attestation and creates
an image index, which Lambda rejects (Lambda developer guide, Create a Lambda function using a container image)."""

DIGEST_ADVICE = (
    f"build one manifest with {BUILD_ADVICE}, get its digest with `docker buildx imagetools inspect IMAGE --format "
    "'{{.Manifest.Digest}}'`, and use IMAGE@sha256:…"
)


def build_reference(folder: str) -> str:
    """Return the reference for the image built from `folder`, with its path and a hash of its files.

    The hash covers file names, contents and execute bits. The image is not built here.

    Raises:
        FileNotFoundError: `folder` contains no Dockerfile.
        ValueError: The folder's path is not valid in an image name.
    """
    path = Path(folder).as_posix()
    if not PATH.fullmatch(path):
        raise ValueError(folder)
    return f"{REGISTRY}/{path}:{hash_folder(folder)}"


def hash_folder(folder: str) -> str:
    """Return a hash of the files from which the image of `folder` is built.

    Raises:
        FileNotFoundError: `folder` contains no Dockerfile.
    """
    root = Path(folder)
    if not (root / "Dockerfile").is_file():
        raise FileNotFoundError(f"{folder}/Dockerfile")
    digest = hashlib.sha256()
    for path in list_files(root):
        executable = b"x" if os.access(path, os.X_OK) else b"-"
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(b"\0".join([path.relative_to(root).as_posix().encode(), executable, content]))
    return digest.hexdigest()[:TAG_CHARACTERS]


def is_on_this_machine(reference: str) -> bool:
    """Return whether an image is in a registry on this machine, such as the AWS emulator's."""
    return THIS_MACHINE.fullmatch(reference) is not None


def folder_of(reference: str) -> str | None:
    """Return the folder from which an image is built locally, or None for any other image."""
    name, _, _ = reference.partition(":")
    return name.removeprefix(f"{REGISTRY}/") if name.startswith(f"{REGISTRY}/") else None


def list_files(root: Path) -> list[Path]:
    """Return the sorted files in a build folder, without caches and version control."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and path.suffix != ".pyc"
        and not any(_is_ignored(part) for part in path.relative_to(root).parts)
    )


def _is_ignored(part: str) -> bool:
    return part in IGNORED or part.endswith(".egg-info")


def strip_tag(image: str) -> str:
    """Remove the tag from an image reference that also has a digest.

    Lambda and ECS document either `:tag` or `@digest`; the `ref` output of pulumi_docker_build contains both.
    """
    parts = REFERENCE.fullmatch(image) if isinstance(image, str) else None  # mocks may return None
    if parts is None or not (parts["tag"] and parts["digest"]):
        return image
    return f"{parts['name']}@{parts['digest']}"


def is_reference(text: str) -> bool:
    """Return whether a string is an image reference, with a registry host, tag or digest, rather than a folder.

    The first component is a host if it contains a dot or a port (distribution reference grammar: domain). Build folder
    paths do not contain them.
    """
    parts = REFERENCE.fullmatch(text)
    host, slash, _ = text.partition("/")
    return bool(parts and (parts["tag"] or parts["digest"])) or bool(slash and HOST.fullmatch(host))


def has_digest(image: str) -> bool:
    """Return whether an image reference contains a digest, so that it is immutable."""
    return "@sha256:" in image

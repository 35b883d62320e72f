"""Which image a function runs: a reference by digest, or a build folder whose content is its tag."""

import hashlib
import os
import re
from pathlib import Path

REGISTRY = "intermodal-local"
"""First part of a built image's name; Docker looks for it on this machine and nowhere else."""

PATH = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*")
"""A relative path that is an image's name as well (distribution reference grammar: path components)."""

IGNORED = frozenset({"__pycache__", ".git", ".venv", ".DS_Store"})
TAG_CHARACTERS = 20

REFERENCE = re.compile(r"(?P<name>[^@]+?)(?::(?P<tag>\w[\w.-]*))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?")
"""Name, tag and digest of an image (distribution reference grammar)."""

BUILD_ADVICE = "`docker buildx build --platform linux/amd64 --provenance=false --sbom=false --push -t IMAGE .`"
"""One manifest for one platform: buildx adds a provenance attestation and so an index by default, and Lambda takes no
index (Lambda developer guide, Create a Lambda function using a container image)."""

DIGEST_ADVICE = (
    f"build one manifest with {BUILD_ADVICE}, read its digest with `docker buildx imagetools inspect IMAGE --format "
    "'{{.Manifest.Digest}}'`, and write IMAGE@sha256:…"
)


def build_reference(folder: str) -> str:
    """Name of the image that is built from `folder`: its path and a hash of its files, so a change is a new name.

    Only names, contents and the execute bit count; nothing is built here.

    Raises:
        FileNotFoundError: `folder` has no Dockerfile.
        ValueError: its path cannot be part of an image's name.
    """
    path = Path(folder).as_posix()
    if not PATH.fullmatch(path):
        raise ValueError(folder)
    return f"{REGISTRY}/{path}:{hash_folder(folder)}"


def hash_folder(folder: str) -> str:
    """A hash of the files that reach the image of `folder`.

    Raises:
        FileNotFoundError: `folder` has no Dockerfile.
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


def folder_of(reference: str) -> str | None:
    """The folder that an image is built from; None for an image of somebody else."""
    name, _, _ = reference.partition(":")
    return name.removeprefix(f"{REGISTRY}/") if name.startswith(f"{REGISTRY}/") else None


def list_files(root: Path) -> list[Path]:
    """The files of a build folder that reach its image, in a fixed order."""
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
    """Return an image that has both a tag and a digest by its digest alone.

    Lambda and ECS document `:tag` or `@digest`, not both; pulumi_docker_build's `ref` has both.
    """
    parts = REFERENCE.fullmatch(image) if isinstance(image, str) else None  # mocks may give None
    if parts is None or not (parts["tag"] and parts["digest"]):
        return image
    return f"{parts['name']}@{parts['digest']}"


def has_digest(image: str) -> bool:
    """Whether a reference names one image for ever."""
    return "@sha256:" in image

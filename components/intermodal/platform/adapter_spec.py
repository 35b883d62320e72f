"""Resolve the adapter image, which exists or is built and pushed."""

import re
from dataclasses import dataclass
from typing import Any

from pulumi import Input

from intermodal.images import reference as image
from intermodal.images.architecture import Architecture
from intermodal.images.builder import require_builder
from intermodal.platform.args import AdapterArgs
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Validator, check_output, check_value

ADAPTER_FOLDER = "runtime"

REPOSITORY = re.compile(r"[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+")
"""Pattern for a registry and a path, without a tag or digest (distribution reference grammar)."""


@dataclass(frozen=True, kw_only=True)
class AdapterBuild:
    """An image that the platform builds and pushes."""

    folder: str
    tag: str
    """Image tag: a hash of the folder's files."""
    repository: Input[str] | None
    """Repository to push to; None for the platform's registry."""
    architectures: tuple[Architecture, ...]


def resolve_adapter(
    validator: Validator, given: object, *, needed: bool, has_registry: bool
) -> Input[str] | AdapterBuild:
    """Return the image reference or the build, or "" if no cluster needs an adapter; add problems to `validator`."""
    if given is None and not needed:
        return ""
    fields = validator.fields("adapter", {} if given is None else given, AdapterArgs)
    if "uri" not in fields and (given is None or "repository" in fields):
        fields.setdefault("build", ADAPTER_FOLDER)
    kind = validator.one_of("adapter", fields, ["uri", "build"]) if fields else None
    validator.require_text("adapter", fields, ("uri", "build", "repository"))
    if "repository" in fields or (has_registry and kind == "build"):
        return _resolve_pushed(validator, fields)
    if "architectures" in fields:
        validator.add(
            "adapter.architectures",
            "needs repository, because nothing is pushed without one; set it, or remove architectures",
        )
    if kind != "build":
        uri: Input[str] = fields.get("uri", "")
        return uri
    try:
        return image.build_reference(str(fields["build"]))
    except (FileNotFoundError, ValueError) as error:
        return _report_missing_folder(validator, error)


def _resolve_pushed(validator: Validator, fields: dict[str, Any]) -> AdapterBuild | str:
    if "uri" in fields:
        text = "and uri are mutually exclusive; use uri for an existing image, or repository to build and push one"
        validator.add("adapter.repository", text)
        return ""
    require_builder(
        validator,
        "adapter.repository" if "repository" in fields else "adapter.build",
        "set adapter.uri to an image that you built from the folder",
    )
    repository = fields.get("repository")
    if repository is not None:
        validator.extend(check_value(repository, _check_repository))
        repository = check_output(repository, validator.display_name, _check_repository)
    architectures = _resolve_architectures(validator, fields.get("architectures", list(Architecture)))
    folder = str(fields["build"])
    try:
        tag = image.hash_folder(folder)
    except FileNotFoundError as error:
        return _report_missing_folder(validator, error)
    return AdapterBuild(
        folder=folder,
        tag=tag,
        repository=repository,
        architectures=architectures,
    )


def _resolve_architectures(validator: Validator, given: object) -> tuple[Architecture, ...]:
    path = "adapter.architectures"
    words = [
        validator.choice(f"{path}[{index}]", word, Architecture)
        for index, word in enumerate(validator.sequence(path, given))
    ]
    if isinstance(given, list | tuple) and not given:
        validator.add(path, "must list at least one, got none; remove it for all")
    return tuple(dict.fromkeys(word for word in words if word))


def _check_repository(given: object) -> Problem | None:
    if isinstance(given, str) and REPOSITORY.fullmatch(given):
        return None
    text = f"must be a registry and a path, without scheme, tag or digest, got {given!r}; the tag is a hash of the "
    return Problem(path="adapter.repository", text=f"{text}files in the folder")


def _report_missing_folder(validator: Validator, error: Exception) -> str:
    text = f"must be a folder with the adapter's Dockerfile, relative to the program; {error} does not exist"
    validator.add("adapter.build", f"{text}; set adapter.uri to an image built from intermodal's runtime folder")
    return ""

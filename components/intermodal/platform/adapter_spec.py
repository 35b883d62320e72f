"""The adapter's image with every default applied: one that exists, or one that the platform builds and pushes."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from pulumi import Input

from intermodal.images import reference as image
from intermodal.images.architecture import Architecture
from intermodal.platform.args import AdapterArgs
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Definition, gated, problems_of

ADAPTER_FOLDER = "runtime"
BUILDER = "pulumi_docker_build"

REPOSITORY = re.compile(r"[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+")
"""A registry and a path in it, without tag and digest (distribution reference grammar)."""


@dataclass(frozen=True, kw_only=True)
class AdapterBuild:
    """An image that the platform builds and pushes."""

    folder: str
    tag: str
    """A hash of the folder's files."""
    repository: Input[str]
    architectures: tuple[Architecture, ...]


def resolve_adapter(definition: Definition, given: object, *, needed: bool) -> Input[str] | AdapterBuild:
    """The image's name, empty where nothing runs off Lambda; what is wrong with it goes to `definition`."""
    if given is None and not needed:
        return ""
    block = definition.block("adapter", {} if given is None else given, AdapterArgs)
    if "uri" not in block and (given is None or "repository" in block):
        block.setdefault("build", ADAPTER_FOLDER)
    kind = definition.one_of("adapter", block, ["uri", "build"]) if block else None
    definition.plain_texts("adapter", block, ("uri", "build", "repository"))
    if "repository" in block:
        return _pushed(definition, block)
    if "architectures" in block:
        definition.add(
            "adapter.architectures",
            "needs repository, because nothing is pushed without one; give it, or leave this out",
        )
    if kind != "build":
        uri: Input[str] = block.get("uri", "")
        return uri
    try:
        return image.reference(str(block["build"]))
    except (FileNotFoundError, ValueError) as error:
        return _no_folder(definition, error)


def _pushed(definition: Definition, block: dict[str, Any]) -> AdapterBuild | str:
    if "uri" in block:
        text = "and uri exclude each other; give uri for an image that exists, repository for one to build and push"
        definition.add("adapter.repository", text)
        return ""
    if find_spec(BUILDER) is None:
        text = (
            "needs the package pulumi-docker-build, which is not installed here; run `pip install 'intermodal[docker]'`"
        )
        definition.add("adapter.repository", f"{text}, or give adapter.uri, an image that you built from the folder")
    repository = block["repository"]
    definition.extend(problems_of(repository, _repository_problem))
    architectures = _architectures(definition, block.get("architectures", list(Architecture)))
    folder = str(block["build"])
    try:
        tag = image.tag_of(folder)
    except FileNotFoundError as error:
        return _no_folder(definition, error)
    return AdapterBuild(
        folder=folder,
        tag=tag,
        repository=gated(repository, definition.subject, _repository_problem),
        architectures=architectures,
    )


def _architectures(definition: Definition, given: object) -> tuple[Architecture, ...]:
    path = "adapter.architectures"
    words = [
        definition.word(f"{path}[{index}]", word, Architecture)
        for index, word in enumerate(definition.items(path, given))
    ]
    if isinstance(given, list | tuple) and not given:
        definition.add(path, "must name at least one, got none; leave it out for all")
    return tuple(dict.fromkeys(word for word in words if word))


def _repository_problem(given: object) -> Problem | None:
    if isinstance(given, str) and REPOSITORY.fullmatch(given):
        return None
    text = (
        f"must be a registry and a path in it, without scheme, tag or digest, got {given!r}; the tag is a hash of the "
    )
    return Problem(path="adapter.repository", text=f"{text}files in the folder")


def _no_folder(definition: Definition, error: Exception) -> str:
    text = f"must be a folder with the adapter's Dockerfile, seen from the program; {error} is none"
    definition.add("adapter.build", f"{text}; give adapter.uri, an image that you built from intermodal's runtime")
    return ""

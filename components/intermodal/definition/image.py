"""The image of a definition: a reference, or a folder that is built."""

from typing import cast

from pulumi import Input, Output

from intermodal.definition.args import ImageArgs
from intermodal.images import reference as image
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Definition, gated, problems_of


def resolve_image(definition: Definition, given: object, *, protect: bool) -> Input[str]:
    """Return the image reference; add problems to `definition`."""
    if given is None:
        return ""  # already reported as missing
    block = definition.block("image", {"uri": given} if isinstance(given, str | Output) else given, ImageArgs)
    kind = definition.one_of("image", block, ["uri", "build"])
    if kind == "build" and not isinstance(block["build"], str):
        definition.add("image.build", f"must be the path of a folder, got {block['build']!r}")
        return ""
    if kind == "build":
        return _built(definition, block["build"], protect=protect)
    uri: Input[str] = block.get("uri", "")
    if kind == "uri" and not (isinstance(uri, Output) or (isinstance(uri, str) and uri)):
        definition.add("image.uri", f"must name an image, got {uri!r}")

    def digest(known: object) -> Problem | None:
        return None if not protect or image.has_digest(str(known)) else _digest_needed(f"got {known}")

    definition.extend(problems_of(uri, digest))
    return _by_digest_alone(gated(uri, definition.subject, digest))


def _by_digest_alone(uri: Input[str]) -> Input[str]:
    return uri.apply(image.without_tag) if isinstance(uri, Output) else image.without_tag(cast("str", uri))


def _built(definition: Definition, folder: str, *, protect: bool) -> str:
    if protect:
        definition.extend([_digest_needed(f"got build: {folder}")])
    try:
        return image.reference(folder)
    except FileNotFoundError as missing:
        definition.add(
            "image.build", f"must be a folder with a Dockerfile, seen from the program; there is no {missing}"
        )
        return ""
    except ValueError:
        text = "must be a relative path of lower-case letters, digits, ., _ and -, as an image's name is"
        definition.add("image.build", f"{text}, got {folder!r}; move or rename the folder")
        return ""


def _digest_needed(got: str) -> Problem:
    text = f"must be given by digest on a protected stack, {got}; {image.HOW_TO_GET_A_DIGEST}"
    return Problem(path="image", text=text)

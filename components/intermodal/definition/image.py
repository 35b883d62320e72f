"""Resolve a definition's image: a reference or a build folder."""

from typing import cast

from pulumi import Input, Output, Resource

from intermodal.definition.args import ImageArgs
from intermodal.definition.spec import BuildSpec
from intermodal.images import reference as image
from intermodal.images.builder import require_builder
from intermodal.platform.images import ImageBuilder
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Validator, check_output, check_value

BUILT = {"docker-build:index:Image": "ref", "docker:index/image:Image": "repo_digest"}
"""Attribute with the reference of an image that the program builds, by resource type."""


def resolve_image(
    validator: Validator, given: object, builder: ImageBuilder | None, *, protect: bool
) -> tuple[Input[str], BuildSpec | None]:
    """Return the image reference, and the build for it if any; add problems to `validator`."""
    if given is None:
        return "", None  # the caller reports the missing key
    if isinstance(given, Resource) and given.pulumi_resource_type not in BUILT:
        text = f"must be an image, got {given.pulumi_resource_type}; use a reference such as the repository's URL"
        validator.add("image", f"{text} with @ and a digest, or a resource of type {' or '.join(BUILT)}")
        return "", None
    fields = validator.fields("image", _expand(given), ImageArgs)
    kind = validator.one_of("image", fields, ["uri", "build"])
    if kind == "build" and not isinstance(fields["build"], str):
        validator.add("image.build", f"must be a folder path, got {fields['build']!r}")
        return "", None
    if kind == "build" and builder is not None:
        require_builder(validator, "image.build", "set image to a reference")
        build = BuildSpec(builder=builder, folder=fields["build"])
        return _resolve_build(validator, fields["build"], protect=False), build
    if kind == "build":
        return _resolve_build(validator, fields["build"], protect=protect), None
    uri: Input[str] = fields.get("uri", "")
    if kind == "uri" and not (isinstance(uri, Output) or (isinstance(uri, str) and uri)):
        validator.add("image.uri", f"must be an image reference, got {uri!r}")

    def require_digest(known: object) -> Problem | None:
        return None if not protect or image.has_digest(str(known)) else _missing_digest(f"got {known}")

    validator.extend(check_value(uri, require_digest))
    return _strip_tag(check_output(uri, validator.display_name, require_digest)), None


def _expand(given: object) -> object:
    """Expand a plain value (an image reference, the path of a build folder, or an image resource) to a dict."""
    if isinstance(given, Resource):  # with a password among its inputs, the plugin marks all outputs as secret
        return {"uri": Output.unsecret(getattr(given, BUILT[given.pulumi_resource_type]))}
    if isinstance(given, str):
        return {"uri" if image.is_reference(given) else "build": given}
    return {"uri": given} if isinstance(given, Output) else given


def _strip_tag(uri: Input[str]) -> Input[str]:
    return uri.apply(image.strip_tag) if isinstance(uri, Output) else image.strip_tag(cast("str", uri))


def _resolve_build(validator: Validator, folder: str, *, protect: bool) -> str:
    if protect:
        validator.extend([_missing_digest(f"got build: {folder}")])
    try:
        return image.build_reference(folder)
    except FileNotFoundError as missing:
        validator.add(
            "image.build", f"must be a folder with a Dockerfile, relative to the program; {missing} does not exist"
        )
        return ""
    except ValueError:
        text = "must be a relative path that is a valid image name: lower-case letters, digits, ., _ and -"
        validator.add("image.build", f"{text}, got {folder!r}; move or rename the folder")
        return ""


def _missing_digest(got: str) -> Problem:
    text = f"must be specified by digest in a protected stack, {got}; {image.DIGEST_ADVICE}"
    return Problem(path="image", text=text)

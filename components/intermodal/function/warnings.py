"""Warn about definitions that are valid but often a mistake."""

import pulumi
from pulumi import Input, Output, Resource

from intermodal.definition.spec import FunctionSpec
from intermodal.identity.args import Access, LinkKind
from intermodal.images import reference as image


def warn_about_tag(spec: FunctionSpec, resource: Resource) -> None:
    """Warn about an image tag, because targets resolve tags at different times."""

    def check_tag(reference: str) -> None:
        if reference and not image.has_digest(reference) and image.folder_of(reference) is None:
            pulumi.warn(
                f"{spec.display_name}: image {reference} is named by a tag. Lambda keeps its current digest, but "
                f"a new task or node pulls the digest that it has then; use a digest: {image.DIGEST_ADVICE}.",
                resource,
            )

    Output.from_input(spec.image).apply(check_tag)


def warn_about_loop(spec: FunctionSpec, resource: Resource) -> None:
    """Warn about a function that can write to a bucket and handles all objects in it.

    Lambda stops such a loop after about 16 invocations (Lambda developer guide, Recursive loop detection). ECS and
    Kubernetes do not stop it.
    """
    written = [
        link["value"] for link in spec.links if link["kind"] is LinkKind.BUCKET and link["access"] is Access.WRITE
    ]
    for source in spec.sources:
        if source.kind == "bucket" and not source.fields.keys() & {"prefix", "suffix"}:
            _warn_where_equal(spec, source.name, source.fields["bucket"], written, resource)


def _warn_where_equal(
    spec: FunctionSpec, source: str, bucket: Input[str], written: list[Input[str]], resource: Resource
) -> None:
    """Warn immediately if both are the same Output; otherwise, compare the names when they resolve."""
    text = (
        f'{spec.display_name}: source "{source}" handles every object of a bucket that the function can write to, so '
        "that each object it writes triggers it again, in an endless loop; set a prefix or suffix on the source, "
        "or write to another bucket."
    )

    def compare(known: list[str]) -> None:
        if known[0] in known[1:]:
            pulumi.warn(text, resource)

    if any(value is bucket for value in written):
        pulumi.warn(text, resource)
    else:
        Output.all(bucket, *written).apply(compare)

"""What a preview warns of: definitions that are possible, and that users have regretted."""

import pulumi
from pulumi import Output, Resource

from intermodal.function import image
from intermodal.function.spec import FunctionSpec
from intermodal.identity.args import Access, LinkKind


def warn_of_tag(spec: FunctionSpec, resource: Resource) -> None:
    """Warn of an image that is named by a tag: targets resolve it at different times."""

    def look(reference: str) -> None:
        if reference and not image.has_digest(reference) and image.folder_of(reference) is None:
            pulumi.warn(
                f"{spec.subject}: image {reference} is named by a tag. Lambda keeps the digest that it has now, and "
                f"a new task or node pulls what it names then; name it by digest: {image.HOW_TO_GET_A_DIGEST}.",
                resource,
            )

    Output.from_input(spec.image).apply(look)


def warn_of_loop(spec: FunctionSpec, resource: Resource) -> None:
    """Warn of a function that writes to the bucket whose every object it handles.

    Lambda stops such a loop after 16 turns (Lambda developer guide, Recursive loop detection); ECS and Kubernetes never
    do.
    """
    written = [
        link["value"] for link in spec.links if link["kind"] is LinkKind.BUCKET and link["access"] is Access.WRITE
    ]
    for source in spec.sources:
        if source.kind != "bucket" or source.block.get("prefix"):
            continue
        bucket = source.block["bucket"]
        if any(value is bucket or (isinstance(value, str) and value == bucket) for value in written):
            pulumi.warn(
                f'{spec.subject}: source "{source.name}" takes every object of a bucket that a link lets the function '
                "write to, so that each object it writes starts it again, without end; give the source a prefix, or "
                "write to another bucket.",
                resource,
            )

"""What a preview warns of: definitions that are possible, and that users have regretted."""

import pulumi
from pulumi import Output, Resource

from intermodal.function import image
from intermodal.function.spec import FunctionSpec


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

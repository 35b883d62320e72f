"""Create the repository for a platform's images in Amazon ECR."""

from collections.abc import Mapping

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import ecr

from intermodal.platform.args import RegistryArgs


def create_registry(name: str, args: RegistryArgs, tags: Mapping[str, Input[str]], parent: Resource) -> Output[str]:
    """Return the URL of an existing repository, or create `{name}-images`, scanned on push.

    Tags stay mutable: functions use digests, and a stack that is created again pushes the same tag with another digest,
    which ECR refuses for immutable tags. No lifecycle policy deletes images, because ECR does not know which digests
    are in use. ECR encrypts every repository with AES-256 (ECR user guide, Encryption at rest).
    """
    if "existing" in args:
        return Output.from_input(args["existing"])
    repository = ecr.Repository(
        f"{name}-images",
        image_tag_mutability="MUTABLE",
        image_scanning_configuration={"scan_on_push": True},
        force_delete=args.get("force_delete", False),
        tags=tags,
        opts=ResourceOptions(parent=parent),
    )
    return repository.repository_url

"""Create the Amazon ECR repository for a platform's images."""

from collections.abc import Mapping

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import ecr

from intermodal.platform.args import RegistryArgs


def create_registry(name: str, args: RegistryArgs, tags: Mapping[str, Input[str]], parent: Resource) -> Output[str]:
    """Return the URL of an existing repository, or create `{name}-images` with scan on push.

    Tags are mutable, because functions use digests. A stack that is created again pushes the same tag with another
    digest, which ECR rejects for immutable tags. There is no lifecycle policy, because ECR cannot tell which digests
    are in use. ECR encrypts all repositories with AES-256 (ECR user guide, Encryption at rest).
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

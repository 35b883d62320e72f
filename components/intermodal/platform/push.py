"""Build and push images."""

from collections.abc import Sequence
from typing import Any

import pulumi_aws as aws
import pulumi_docker_build as docker_build
from pulumi import Input, InvokeOptions, Output, Resource, ResourceOptions

from intermodal.images.architecture import Architecture
from intermodal.images.ecr import repository_of
from intermodal.images.reference import strip_tag

PLATFORMS = {Architecture.X86_64: "linux/amd64", Architecture.ARM64: "linux/arm64"}


def push_image(
    name: str,
    folder: str,
    tag: str,
    repository: Input[str],
    architectures: Sequence[Architecture],
    parent: Resource | None,
) -> Output[str]:
    """Build and push the image `name`; return its digest reference, or its tag reference in a preview of a new image.

    The plugin disables provenance (pulumi-docker-build, client.go), so that an image for one architecture is a single
    manifest, which Lambda requires. Images are not built in previews, because emulating another architecture takes
    minutes. Pushed images stay in the registry, because functions in other stacks may still use them.
    """
    where = Output.from_input(repository)
    logins: Output[Any] = where.apply(lambda url: _log_in(url, parent))
    image = docker_build.Image(
        name,
        context={"location": folder},
        platforms=[docker_build.Platform(PLATFORMS[architecture]) for architecture in architectures],
        tags=[where.apply(lambda url: f"{url}:{tag}")],
        push=True,
        build_on_preview=False,
        registries=logins,
        opts=ResourceOptions(parent=parent, retain_on_delete=True),
    )
    # The plugin marks all its outputs as secret, because one input is a password.
    return Output.unsecret(image.ref).apply(strip_tag)


def _log_in(repository: str, parent: Resource | None) -> Output[Any]:
    """Return the ECR login, which is valid for twelve hours, or an empty list for other registries.

    A new token does not change the image resource (docker-build, Diff). For other registries, Docker uses this
    machine's logins.
    """
    found = repository_of(repository)
    if found is None:
        return Output.from_input([])
    token = aws.ecr.get_authorization_token_output(
        registry_id=found.account, region=found.region, opts=InvokeOptions(parent=parent)
    )
    address = repository.partition("/")[0]
    return Output.all(token.user_name, Output.secret(token.password)).apply(
        lambda known: [{"address": address, "username": known[0], "password": known[1]}]
    )

"""Build and push the adapter image."""

from pulumi import Input, Output, Resource

from intermodal.platform.adapter_spec import AdapterBuild
from intermodal.platform.push import push_image


def create_adapter(name: str, build: AdapterBuild, repository: Input[str], parent: Resource) -> Output[str]:
    """Push the image `{name}-adapter` to `repository` and return its digest reference."""
    return push_image(f"{name}-adapter", build.folder, build.tag, repository, build.architectures, parent)

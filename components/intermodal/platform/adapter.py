"""Build and push the adapter image."""

from pulumi import Input, Output, Resource

from intermodal.platform.adapter_spec import AdapterBuild
from intermodal.platform.push import push_image


def create_adapter(name: str, build: AdapterBuild, repository: Input[str], parent: Resource) -> Output[str]:
    """Create `{name}-adapter` in `repository`; return its reference by digest."""
    return push_image(f"{name}-adapter", build.folder, build.tag, repository, build.architectures, parent)

"""Build function images for a platform's registry, once per folder."""

from pkgutil import resolve_name

from pulumi import Output, Resource

from intermodal.images.architecture import Architecture
from intermodal.images.reference import hash_folder

PUSH = "intermodal.platform.push:push_image"
"""Loaded on first use, because the docker-build SDK is an optional dependency."""


class ImageBuilder:
    """Builder that pushes images to one repository."""

    def __init__(self, name: str, repository: Output[str], parent: Resource | None) -> None:
        self.repository = repository
        self._name = name
        self._parent = parent
        self._built: dict[tuple[str, Architecture], Output[str]] = {}

    def build(self, folder: str, architecture: Architecture) -> Output[str]:
        """Return the digest reference of a folder's image; create `{platform}-{folder}-{architecture}` only once."""
        key = folder, architecture
        if key not in self._built:
            tag = f"{folder.replace('/', '-')}-{architecture.value}-{hash_folder(folder)}"
            name = f"{self._name}-{folder}-{architecture.value}"
            self._built[key] = resolve_name(PUSH)(name, folder, tag, self.repository, [architecture], self._parent)
        return self._built[key]

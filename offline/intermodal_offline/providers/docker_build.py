"""Provide an offline docker-build provider that builds images and pushes them to registries on this machine."""

from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

from docker import DockerClient
from docker.errors import APIError, DockerException
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2

from intermodal.images import reference
from intermodal_offline.providers import values
from intermodal_offline.providers.failures import RefusedError, report_errors, type_of
from intermodal_offline.providers.plugin import Plugin, changed_keys, configure_response
from intermodal_offline.providers.values import UNKNOWN, Props
from local.advice import LocalError
from local.docker import architecture, base_image, daemon, images

IMAGE = "docker-build:index:Image"
INPUTS = frozenset({"buildOnPreview", "context", "platforms", "push", "registries", "tags"})
"""Supported inputs. Other inputs are rejected, never ignored."""

DEFAULTS = {"network": "default"}
"""Inputs that the SDK always sets, with the only supported value."""

Diff = provider_pb2.DiffResponse


class DockerBuild(Plugin):
    """Offline docker-build provider, for images with one tag from a folder.

    Of several platforms, it builds this machine's, the only one that the local targets run.
    """

    def service_of(self, request: Any) -> str:  # noqa: ARG002 - all plugins have this method
        """Return the API name for error messages."""
        return "Docker"

    def unknown_keys(self, given: Props) -> list[str]:
        """Return the configuration keys that are not supported."""
        return sorted(given.keys() - {"version"})

    @report_errors
    def DiffConfig(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Report no change, because the provider has no configuration."""
        return Diff(changes=Diff.DIFF_NONE)

    @report_errors
    def Configure(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Declare that previews are supported."""
        return configure_response()

    @report_errors
    def Check(self, request: Any) -> Any:  # noqa: N802
        """Return the inputs, and a failure for each invalid or unsupported input."""
        if type_of(request.urn) != IMAGE:
            raise RefusedError(f"the offline docker-build provider supports only {IMAGE}; use the official plugin.")
        failures = [
            provider_pb2.CheckFailure(property=name, reason=reason)
            for name, reason in _find_problems(values.read(request.news))
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @report_errors
    def Diff(self, request: Any) -> Any:  # noqa: N802
        """Compare inputs and the folder's files; like in the official plugin, new credentials are not a change."""
        olds, news = values.read(request.old_inputs), values.read(request.news)
        changed = [name for name in changed_keys(olds, news) if name != "registries"]
        if values.read(request.olds).get("contextHash") != _hash(news):
            changed.append("context")
        found = sorted(set(changed))
        return Diff(changes=Diff.DIFF_SOME if found else Diff.DIFF_NONE, diffs=found)

    @report_errors
    def Create(self, request: Any) -> Any:  # noqa: N802
        """Build and push the image; in a preview, return its tag as the reference."""
        inputs = values.read(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=values.write(_preview(inputs)))
        outputs = _build_and_push(inputs)
        return provider_pb2.CreateResponse(id=inputs["tags"][0], properties=values.write(outputs))

    @report_errors
    def Read(self, request: Any) -> Any:  # noqa: N802
        """Return the state if the registry still has the image."""
        state = values.read(request.properties)
        with _connect() as client:
            try:
                client.images.get_registry_data(state["ref"])
            except (APIError, KeyError):
                return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, inputs=request.inputs, properties=request.properties)

    @report_errors
    def Update(self, request: Any) -> Any:  # noqa: N802
        """Build and push the image again."""
        inputs = values.read(request.news)
        outputs = _preview(inputs) if request.preview else _build_and_push(inputs)
        return provider_pb2.UpdateResponse(properties=values.write(outputs))

    @report_errors
    def Delete(self, request: Any) -> Any:  # noqa: ARG002, N802
        """Keep the image in the registry, whose repository deletes it with `force_delete`."""
        return empty_pb2.Empty()


def _find_problems(inputs: Props) -> list[tuple[str, str]]:
    """Return the property and reason for each invalid or unsupported input."""
    problems = [
        (name, f"{name} is not supported by the offline provider; remove it, or use the official plugin.")
        for name, value in sorted(inputs.items())
        if name not in INPUTS and (name, value) not in DEFAULTS.items()
    ]
    folder = inputs.get("context", {}).get("location")
    if folder != UNKNOWN and not (isinstance(folder, str) and (Path(folder) / "Dockerfile").is_file()):
        problems.append(("context", f"location must be a folder with a Dockerfile, got {folder!r}."))
    if inputs.get("push") is not True:
        problems.append(("push", "the offline provider always pushes the image; set push to true."))
    tags, platforms = inputs.get("tags", []), inputs.get("platforms", [])
    if not values.has_unknown(tags):
        if len(tags) != 1:
            problems.append(("tags", f"the offline provider pushes one tag, got {len(tags)}."))
        problems += [
            ("tags", f"{tag} is not in a registry on this machine, the only ones that the offline provider pushes to.")
            for tag in tags
            if not reference.is_on_this_machine(tag)
        ]
    own = f"linux/{architecture.of_this_machine()}"
    if own not in platforms:
        problems.append(("platforms", f"the offline provider builds only for this machine, {own}, got {platforms}."))
    return problems


def _preview(inputs: Props) -> Props:
    tags = inputs["tags"]
    return {**inputs, "ref": UNKNOWN if values.has_unknown(tags) else tags[0], "digest": UNKNOWN}


def _hash(inputs: Props) -> str:
    return reference.hash_folder(inputs["context"]["location"])


def _connect() -> AbstractContextManager[DockerClient]:
    return closing(daemon.ensure().client())


def _build_and_push(inputs: Props) -> Props:
    """Return the resource's outputs.

    Raises:
        RefusedError: the build failed, or the registry did not accept the image.
    """
    folder, tag = inputs["context"]["location"], inputs["tags"][0]
    with _connect() as client:
        try:
            images.build(client, folder, tag, base_image.ensure(client))
            digest = _push(client, tag)
        except LocalError as error:
            raise RefusedError(str(error)) from error
        except DockerException as error:
            raise RefusedError(f"Docker could not push {tag}: {error}; check that the registry is running.") from error
    return {**inputs, "ref": f"{tag}@{digest}", "digest": digest, "contextHash": _hash(inputs)}


def _push(client: DockerClient, tag: str) -> str:
    """Push a tag and return the manifest's digest."""
    digest = ""
    for line in client.images.push(tag, stream=True, decode=True):
        if "error" in line:
            raise RefusedError(f"the registry did not accept {tag}: {line['error']}; check that it is running.")
        digest = line.get("aux", {}).get("Digest", digest)
    if not digest:
        raise RefusedError(f"the registry returned no digest for {tag}; try again.")
    return digest

"""Convert a platform to its handle and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pkgutil import resolve_name
from typing import Any, cast, get_args

from pulumi import Output, ProviderResource, StackReference
from pulumi.output import Unknown

from intermodal.platform.args import PlatformHandle
from intermodal.platform.facts import BusFacts, EcsFacts, KubernetesFacts, NetworkFacts, PlatformFacts, RegistryFacts
from intermodal.platform.images import ImageBuilder
from intermodal.problems.errors import DefinitionError, Problem, suggest

VERSION = 1
"""Version of the handle's format that this release writes and reads."""

PARTS: Mapping[str, tuple[str, type]] = {
    "network": ("", NetworkFacts),
    "bus": ("bus_", BusFacts),
    "registry": ("registry_", RegistryFacts),
    "ecs": ("ecs_", EcsFacts),
    "kubernetes": ("kubernetes_", KubernetesFacts),
}
"""Key prefix and type of each part of a platform."""

CREATE_PROVIDER = "intermodal.platform.provider:create_provider"
"""Loaded on first use, because importing the Kubernetes SDK takes seconds."""

SHARED = ("region", "account_id", "reachable_services")
"""Keys that every handle has, in addition to the version."""


@dataclass(frozen=True, kw_only=True)
class AttachedPlatform:
    """A platform from another stack."""

    handle: Output[dict[str, Any]]
    providers: list[ProviderResource]
    """Providers that functions need in addition to `aws`: the Kubernetes cluster's provider, if requested."""
    display_name: str
    images: ImageBuilder | None
    """Image builder for the platform's registry, if requested."""

    @property
    def bus_name(self) -> Output[str]:
        """Name of the platform's event bus.

        Raises:
            DefinitionError: The platform has no event bus. The error is raised in an apply.
        """
        return self.handle.apply(lambda handle: _require_bus(self.display_name, handle["bus_name"]))


def _require_registry(display_name: str, handle: PlatformHandle) -> str:
    url = handle["registry_url"]
    if not isinstance(url, str):
        raise _error(display_name, "registry", "is missing; set registry: {} on the platform, and deploy it")
    return url


def missing_bus(display_name: str) -> DefinitionError:
    """Return the error for a platform without an event bus."""
    return _error(display_name, "bus", "is missing; set bus: {} on the platform, or use the default bus")


def _require_bus(display_name: str, bus_name: str | None) -> str:
    if bus_name is None:
        raise missing_bus(display_name)
    return bus_name


def attach_platform(
    name: str, reference: object, output: str = "platform", *, kubernetes: bool = False, registry: bool = False
) -> AttachedPlatform:
    """Return the platform that another stack exports as `output`; set `kubernetes` and `registry` if it has them.

    The two flags are required because the provider and the image builder are created before the handle is known.

    The engine passes integers as floats and missing keys as None, and it marks a whole output as secret if one part is
    secret. This function corrects the types and rejects a secret handle.

    Raises:
        DefinitionError: `reference` is not a StackReference. When the reference resolves, it is also raised if the
            handle is missing, incomplete, secret or has another version.
    """
    display_name = f'Platform "{name}"'
    if not isinstance(reference, StackReference):
        text = f"must be a StackReference, got {type(reference).__name__}; write pulumi.StackReference(…)"
        raise DefinitionError(display_name, [Problem(path="reference", text=text)])
    # One secret output makes all outputs secret; the handle itself must not be secret, which `read_handle` checks.
    outputs = Output.all(Output.unsecret(reference.outputs), reference.secret_output_names)
    handle = outputs.apply(
        lambda known: read_handle(display_name, output, known[0] or {}, secret=output in (known[1] or []))
    )
    return AttachedPlatform(
        handle=cast("Output[dict[str, Any]]", handle),
        providers=_create_providers(name, handle) if kubernetes else [],
        display_name=display_name,
        images=ImageBuilder(name, handle.apply(partial(_require_registry, display_name)), None) if registry else None,
    )


def _create_providers(name: str, handle: Output[PlatformHandle]) -> list[ProviderResource]:
    kubeconfig = handle.apply(lambda known: known["kubernetes_kubeconfig"])
    context = handle.apply(lambda known: known["kubernetes_context"])
    return [resolve_name(CREATE_PROVIDER)(f"{name}-kubernetes", kubeconfig, context, None)]


def read_handle(display_name: str, output: str, outputs: Mapping[str, Any], *, secret: bool = False) -> PlatformHandle:
    """Return the handle from a stack's outputs, with its original types.

    Raises:
        DefinitionError: See `attach_platform`.
    """
    found = outputs.get(output)
    if not isinstance(found, Mapping):
        text = f"must be exported by the other stack, which exports {', '.join(sorted(outputs)) or 'nothing'}"
        raise _error(display_name, output, f"{text}; add it there and deploy it{suggest(output, outputs)}")
    if secret:
        text = "must not be secret, but the engine marks it as secret; export that stack's secrets separately"
        raise _error(display_name, output, text)
    return normalize(display_name, found)


def flatten(shared: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any] | None]) -> Output[dict[str, Any]]:
    """Return a platform's handle from its parts' values.

    Unknown values stay unknown: while a zone is being added, a preview knows all values except the subnets. IDs and
    ARNs that mocks do not return become empty strings.
    """
    values = dict(shared)
    for part, found in parts.items():
        prefix, shape = PARTS[part]
        values |= {f"{prefix}{field.name}": found[field.name] if found else None for field in fields(shape)}
    present = {*SHARED, *(key for part, found in parts.items() if found for key in _required_keys(part))}

    def fill_missing(handle: dict[str, Any]) -> dict[str, Any]:
        if isinstance(handle, Unknown):
            return handle
        return {key: "" if value is None and key in present else value for key, value in handle.items()}

    return Output.all(**values).apply(fill_missing, run_with_unknowns=True)


def normalize(display_name: str, found: Mapping[str, Any]) -> PlatformHandle:
    """Return the handle with its original types and without keys from later releases.

    Values may be unknown: while a zone is being added, a preview knows all values except the subnets.

    Raises:
        DefinitionError: The version differs, or keys are missing; the error lists all missing keys.
    """
    version = found.get("version")
    if not isinstance(version, int | float) or version != int(version):
        raise _error(display_name, "platform.version", f"must be a whole number, got {version!r}; use Platform.handle")
    if version != VERSION:
        text = f"must be {VERSION} for this release of intermodal, got {int(version)}; use one release for both stacks"
        raise _error(display_name, "platform.version", text)
    missing = [key for key in SHARED if found.get(key) is None]
    for part in PARTS:
        absent = [key for key in _required_keys(part) if found.get(key) is None]
        missing += absent if len(absent) < len(_required_keys(part)) else []
    if missing:
        text = f"must have {', '.join(missing)}; deploy the platform's stack again"
        raise _error(display_name, "platform", text)
    keys = PlatformHandle.__annotations__
    return cast("PlatformHandle", {**{key: found.get(key) for key in keys}, "version": int(version)})


def parse_facts(handle: Mapping[str, Any]) -> PlatformFacts:
    """Return the platform's parts from a normalized handle."""
    parts = {part: _parse_part(part, handle) for part in PARTS}
    shared = {key: handle[key] for key in (*SHARED, "adapter_image")}
    return PlatformFacts(**shared, **parts)


def _parse_part(part: str, handle: Mapping[str, Any]) -> Any:
    prefix, shape = PARTS[part]
    if all(handle[key] is None for key in _required_keys(part)):
        return None
    return shape(**{field.name: handle[f"{prefix}{field.name}"] for field in fields(shape)})


def _required_keys(part: str) -> Sequence[str]:
    """Return the keys that are always set for a part."""
    prefix, shape = PARTS[part]
    return [f"{prefix}{field.name}" for field in fields(shape) if type(None) not in get_args(field.type)]


def check_location(display_name: str, facts: PlatformFacts, account: str, region: str) -> PlatformFacts:
    """Return the platform after checking that it is in the provider's account and Region.

    Unknown values and values that mocks do not return are not compared.

    Raises:
        DefinitionError: The account or the Region differs.
    """
    if isinstance(facts, Unknown):
        return facts
    for word, ours, theirs in (("region", region, facts.region), ("account", account, facts.account_id)):
        if ours and theirs and ours != theirs and not isinstance(theirs, Unknown) and not isinstance(ours, Unknown):
            text = f"must be in its platform's {word}, {theirs}, but its aws provider is in {ours}"
            raise _error(display_name, "platform", f"{text}; use a provider for {theirs}")
    return facts


def _error(display_name: str, path: str, text: str) -> DefinitionError:
    return DefinitionError(display_name, [Problem(path=path, text=text)])

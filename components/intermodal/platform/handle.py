"""The handle of a platform, and its only reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pulumi import Output, ProviderResource, StackReference
from pulumi.output import Unknown

from intermodal.errors import DefinitionError, Problem, nearest
from intermodal.network.spec import EVERY_SERVICE
from intermodal.platform.args import PlatformHandle

VERSION = 4
"""Version of the handle that this release writes; it reads this one and older ones."""

ADDED: Mapping[int, Mapping[str, object]] = {
    2: {
        "adapter_image": "",
        "ecs_cluster_arn": "",
        "ecs_capacity_provider": "",
        "kubernetes_kubeconfig": "",
        "kubernetes_context": "",
        "kubernetes_oidc_provider_arn": "",
        "kubernetes_namespace": "",
        "kubernetes_queue": "",
        "kubernetes_trigger_authentication": "",
        "kubernetes_priority_class": "",
        "kubernetes_environment": "",
    },
    3: {"kubernetes_security_groups": False, "kubernetes_pod_security_group_id": ""},
    4: {"reachable_services": [EVERY_SERVICE], "kubernetes_in_network": False},
}
"""Keys that a version brought, each with what it is in an older handle: a platform that has nothing of it, or did not
say."""


@dataclass(frozen=True, kw_only=True)
class AttachedPlatform:
    """A platform of another stack."""

    handle: Output[dict[str, Any]]
    providers: list[ProviderResource]
    """Providers that functions on it need beside `aws`: that of its Kubernetes cluster, where it was asked for."""


def attached(name: str, reference: object, output: str = "platform", *, kubernetes: bool = False) -> AttachedPlatform:
    """The platform that the stack of `reference` exports as `output`; `kubernetes` for one that has a cluster.

    Whether there is a provider for the cluster has to be known before the handle is.

    The engine hands whole numbers over as floats, missing keys as None, and all of an output as a secret where one
    part is; here each is put right or refused, so nothing else has to look.

    Raises:
        DefinitionError: `reference` is no StackReference, or (once it is read) exports no such handle, one of a
            newer version, one with missing keys, or a secret one.
    """
    subject = f'Platform "{name}"'
    if not isinstance(reference, StackReference):
        text = f"must be a StackReference, got {type(reference).__name__}; write pulumi.StackReference(…)"
        raise DefinitionError(subject, [Problem(path="reference", text=text)])
    # One secret output makes all outputs secret; the handle itself must be none, which `read` sees to.
    outputs = Output.all(Output.unsecret(reference.outputs), reference.secret_output_names)
    handle = outputs.apply(lambda known: read(subject, output, known[0] or {}, secret=output in (known[1] or [])))
    return AttachedPlatform(
        handle=cast("Output[dict[str, Any]]", handle), providers=_providers(name, handle, kubernetes)
    )


def _providers(name: str, handle: Output[PlatformHandle], kubernetes: bool) -> list[ProviderResource]:
    if not kubernetes:
        return []
    from intermodal.platform.provider import create_provider  # noqa: PLC0415 - pure code imports no provider SDK

    kubeconfig = handle.apply(lambda known: known["kubernetes_kubeconfig"])
    context = handle.apply(lambda known: known["kubernetes_context"])
    return [create_provider(f"{name}-kubernetes", kubeconfig, context, None)]


def read(subject: str, output: str, outputs: Mapping[str, Any], *, secret: bool = False) -> PlatformHandle:
    """The handle among a stack's outputs, with the types it was written with.

    Raises:
        DefinitionError: see `attached`.
    """
    found = outputs.get(output)
    if not isinstance(found, Mapping):
        text = f"must be exported by the other stack, which exports {', '.join(sorted(outputs)) or 'nothing'}"
        raise _refused(subject, f'output "{output}"', f"{text}; add it there and deploy it{nearest(output, outputs)}")
    if secret:
        text = "must hold no secret, and the engine marks it as one; export secrets of that stack by names of their own"
        raise _refused(subject, f'output "{output}"', text)
    return checked(subject, found)


def checked(subject: str, found: Mapping[str, Any]) -> PlatformHandle:
    """The handle with the types it was written with; keys that a later release of its version adds are left out.

    Values may be unknown: while a zone is added, a preview knows the subnets no longer, and all the rest still.

    Raises:
        DefinitionError: its version is newer than this release, or keys are missing; all are named.
    """
    version = found.get("version")
    if not isinstance(version, int | float) or version != int(version):
        raise _refused(subject, "platform.version", f"must be a whole number, got {version!r}; give Platform.handle")
    if version > VERSION:
        text = f"must be at most {VERSION} for this release of intermodal, got {int(version)}; update intermodal here"
        raise _refused(subject, "platform.version", text)
    later = {key: nothing for added, keys in ADDED.items() if added > version for key, nothing in keys.items()}
    found = {**later, **found}
    keys = list(PlatformHandle.__annotations__)
    missing = [key for key in keys if found.get(key) is None]
    if missing:
        text = f"must hold {', '.join(keys)}, and {', '.join(missing)} is missing; deploy the platform's stack again"
        raise _refused(subject, "platform", text)
    return cast("PlatformHandle", {**{key: found[key] for key in keys}, "version": int(version)})


def here(subject: str, handle: PlatformHandle, account: str, region: str) -> PlatformHandle:
    """The handle, once the provider's account and region are the platform's; what is unknown, or what mocks do not
    give, is not looked at.

    Raises:
        DefinitionError: one of them is not.
    """
    if isinstance(handle, Unknown):
        return handle
    for word, ours, theirs in (("region", region, handle["region"]), ("account", account, handle["account_id"])):
        if ours and theirs and ours != theirs and not isinstance(theirs, Unknown) and not isinstance(ours, Unknown):
            text = f"must be in the {word} of its platform, {theirs}, and its aws provider is in {ours}"
            raise _refused(subject, "platform", f"{text}; give the function a provider of {theirs}")
    return handle


def _refused(subject: str, path: str, text: str) -> DefinitionError:
    return DefinitionError(subject, [Problem(path=path, text=text)])

"""Objects of Kubernetes as the engine names them: tokens, ids, and what is never a user's."""

import json
from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.failures import RefusedError, type_of
from intermodal_offline.providers.values import Props

AUTONAMED = "pulumi.com/autonamed"
SERVERS_OWN = (
    "creationTimestamp",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
)
"""Of the metadata; only the API server writes them."""

CLUSTER_WIDE = frozenset({
    "APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CSINode",
    "CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node",
    "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass",
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    "VolumeAttachment", "ClusterQueue", "ResourceFlavor", "WorkloadPriorityClass", "ClusterTriggerAuthentication",
})  # fmt: skip
"""Kinds without a namespace, for when there is no API server to ask."""

NOT_EMULATED = ("kubernetes:helm.sh", "kubernetes:kustomize", "kubernetes:yaml")


def check_token(urn: str) -> None:
    """Refuse what is no plain object.

    Raises:
        RefusedError: it is a Helm release, a component or a patch of somebody else's object.
    """
    token = type_of(urn)
    if token.startswith(NOT_EMULATED) or token.endswith("Patch"):
        raise RefusedError(
            f"resource type {token} is not emulated by the stand-in, which makes plain objects only; declare its "
            "objects one by one (CustomResource takes any kind), or use the official kubernetes plugin."
        )


def version_and_kind(urn: str) -> tuple[str, str]:
    """apiVersion and kind of a token: core/v1 is written v1 in objects."""
    _, version, kind = type_of(urn).split(":")
    return version.removeprefix("core/"), kind


def name_of(body: Props) -> str:
    """metadata.name."""
    return str((body.get("metadata") or {}).get("name") or "")


def namespace_of(body: Props) -> str | None:
    """metadata.namespace."""
    found = (body.get("metadata") or {}).get("namespace")
    return str(found) if found else None


def identity(body: Props) -> str:
    """The engine's id: `namespace/name`, or `name`."""
    namespace = namespace_of(body)
    return f"{namespace}/{name_of(body)}" if namespace else name_of(body)


def annotation(body: Props, name: str) -> str:
    """An annotation `pulumi.com/NAME`; empty where there is none."""
    return str(((body.get("metadata") or {}).get("annotations") or {}).get(f"pulumi.com/{name}") or "")


def said(body: Props) -> Props:
    """An object as it goes to the API server: without our own marks."""
    return {name: value for name, value in body.items() if not name.startswith("__")}


def seen(live: Props) -> Props:
    """An object as it goes to the engine: without the bookkeeping of managers."""
    metadata = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
    return {**live, "metadata": metadata}


def dig(value: Any, *path: str) -> Any:
    """What is at a path of mappings; None where it ends early."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def owned(live: Props) -> Props:
    """What users have set: the fields of those who applied, else all that is not the server's own."""
    applied = [each for each in live["metadata"].get("managedFields", []) if each.get("operation") == "Apply"]
    fields: Props = {}
    for each in applied:
        if not each.get("subresource"):
            fields = _joined(fields, each.get("fieldsV1") or {})
    metadata = {name: value for name, value in live["metadata"].items() if name not in SERVERS_OWN}
    if not fields:
        return {**{name: value for name, value in live.items() if name != "status"}, "metadata": metadata}
    picked = _picked(fields, {**live, "metadata": metadata})
    named = {name: metadata[name] for name in ("name", "namespace") if name in metadata}
    picked["metadata"] = {**picked.get("metadata", {}), **named}
    return {**picked, "apiVersion": live["apiVersion"], "kind": live["kind"]}


def _joined(one: Props, other: Props) -> Props:
    return {name: _joined(one.get(name, {}), other.get(name, {})) for name in one.keys() | other.keys()}


def _picked(fields: Props, value: Any) -> Any:
    """The parts of `value` that are in a set of fields (FieldsV1); all of it where the set goes no deeper."""
    inner = {name: each for name, each in fields.items() if name != "."}
    if not inner or not isinstance(value, dict | list):
        return value
    if isinstance(value, dict):
        return {
            name.removeprefix("f:"): _picked(each, value[name.removeprefix("f:")])
            for name, each in inner.items()
            if name.removeprefix("f:") in value
        }
    return list(_items(inner, value))


def _items(fields: Props, values: list[Any]) -> Iterator[Any]:
    for value in values:
        for name, each in fields.items():
            kind, _, key = name.partition(":")
            wanted = json.loads(key)
            if kind == "k" and isinstance(value, dict) and wanted.items() <= value.items():
                yield _picked(each, value)  # a default may be part of the key, which is not the user's
                break
            if kind == "v" and wanted == value:
                yield value
                break

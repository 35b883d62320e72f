"""Convert Kubernetes objects to and from the engine's format: type tokens, IDs, and user-owned fields."""

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
"""Metadata fields that only the API server sets."""

CLUSTER_WIDE = frozenset({
    "APIService", "CertificateSigningRequest", "ClusterRole", "ClusterRoleBinding", "CSIDriver", "CSINode",
    "CustomResourceDefinition", "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node",
    "PersistentVolume", "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass",
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
    "VolumeAttachment", "ClusterQueue", "ResourceFlavor", "WorkloadPriorityClass", "ClusterTriggerAuthentication",
})  # fmt: skip
"""Cluster-scoped kinds, which must be known even if no API server is reachable."""

NOT_SUPPORTED = ("kubernetes:helm.sh", "kubernetes:kustomize", "kubernetes:yaml")


def check_token(urn: str) -> None:
    """Raise an error if a type is not a plain object.

    Raises:
        RefusedError: the type is a Helm release, a component, or a patch for an existing object.
    """
    token = type_of(urn)
    if token.startswith(NOT_SUPPORTED) or token.endswith("Patch"):
        raise RefusedError(
            f"resource type {token} is not supported, because the offline provider supports only plain objects; "
            "declare each object separately (CustomResource accepts any kind), or use the official kubernetes plugin."
        )


def version_and_kind(urn: str) -> tuple[str, str]:
    """Return the apiVersion and kind in a type token; core/v1 becomes v1."""
    _, version, kind = type_of(urn).split(":")
    return version.removeprefix("core/"), kind


def name_of(body: Props) -> str:
    """Return metadata.name."""
    return str((body.get("metadata") or {}).get("name") or "")


def namespace_of(body: Props) -> str | None:
    """Return metadata.namespace, or None if it is not set."""
    found = (body.get("metadata") or {}).get("namespace")
    return str(found) if found else None


def identity(body: Props) -> str:
    """Return the engine's ID for an object: `namespace/name`, or `name` if it has no namespace."""
    namespace = namespace_of(body)
    return f"{namespace}/{name_of(body)}" if namespace else name_of(body)


def annotation(body: Props, name: str) -> str:
    """Return the value of the `pulumi.com/NAME` annotation, or an empty string if it is not set."""
    return str(((body.get("metadata") or {}).get("annotations") or {}).get(f"pulumi.com/{name}") or "")


def to_server(body: Props) -> Props:
    """Return an object without the offline provider's internal keys, to send to the API server."""
    return {name: value for name, value in body.items() if not name.startswith("__")}


def to_engine(live: Props) -> Props:
    """Return an object without managedFields, to send to the engine."""
    metadata = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
    return {**live, "metadata": metadata}


def dig(value: Any, *path: str) -> Any:
    """Return the value at a path of keys in nested mappings, or None if a key is missing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def pick_owned(live: Props) -> Props:
    """Return the fields that server-side apply manages, or if there are none, all except the server's fields."""
    applied = [each for each in live["metadata"].get("managedFields", []) if each.get("operation") == "Apply"]
    fields: Props = {}
    for each in applied:
        if not each.get("subresource"):
            fields = _merge(fields, each.get("fieldsV1") or {})
    metadata = {name: value for name, value in live["metadata"].items() if name not in SERVERS_OWN}
    if not fields:
        return {**{name: value for name, value in live.items() if name != "status"}, "metadata": metadata}
    picked = _pick(fields, {**live, "metadata": metadata})
    named = {name: metadata[name] for name in ("name", "namespace") if name in metadata}
    picked["metadata"] = {**picked.get("metadata", {}), **named}
    return {**picked, "apiVersion": live["apiVersion"], "kind": live["kind"]}


def _merge(one: Props, other: Props) -> Props:
    return {name: _merge(one.get(name, {}), other.get(name, {})) for name in one.keys() | other.keys()}


def _pick(fields: Props, value: Any) -> Any:
    """Return the parts of `value` that a field set (FieldsV1) contains; a leaf contains the whole value."""
    inner = {name: each for name, each in fields.items() if name != "."}
    if not inner or not isinstance(value, dict | list):
        return value
    if isinstance(value, dict):
        return {
            name.removeprefix("f:"): _pick(each, value[name.removeprefix("f:")])
            for name, each in inner.items()
            if name.removeprefix("f:") in value
        }
    return list(_items(inner, value))


def _items(fields: Props, values: list[Any]) -> Iterator[Any]:
    for value in values:
        for name, each in fields.items():
            kind, _, key = name.partition(":")
            selector = json.loads(key)
            if kind == "k" and isinstance(value, dict) and selector.items() <= value.items():
                yield _pick(each, value)  # the key may include a default that the user did not set
                break
            if kind == "v" and selector == value:
                yield value
                break

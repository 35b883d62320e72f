"""Detect changes in inputs and required replacements, and compute inputs after a refresh."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from intermodal_offline.providers.compare import Change
from intermodal_offline.providers.kubernetes.objects import AUTONAMED, identity
from intermodal_offline.providers.values import Props

ALWAYS = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
REPLACED: Mapping[str, tuple[str, ...]] = {
    "ClusterRoleBinding": ("roleRef",),
    "ConfigMap": ("data", "binaryData"),
    "DaemonSet": ("spec.selector",),
    "Deployment": ("spec.selector",),
    "Job": ("spec.completions", "spec.parallelism", "spec.selector", "spec.template"),
    "PersistentVolumeClaim": ("spec",),
    "Pod": ("spec",),
    "ResourceQuota": ("spec.scopes",),
    "RoleBinding": ("roleRef",),
    "Secret": ("data", "stringData", "type"),
    "Service": ("spec.clusterIP",),
    "StatefulSet": (
        "spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName",
        "spec.volumeClaimTemplates",
    ),
    "StorageClass": ("parameters", "provisioner"),
}  # fmt: skip
"""Fields whose change requires a replacement, because the API server rejects the change or pods would not apply it.

Source: provider/pkg/provider/diff.go in pulumi-kubernetes, 2026-11. For pods, that file lists nearly all fields in
the spec; this table lists the whole spec.
"""

MERGE_KEYS = ("name", "containerPort", "port", "key", "mountPath", "type")
"""Keys that identify the same list item before and after a change."""


def changes(olds: Props, news: Props, mutable: frozenset[str] = frozenset()) -> list[Change]:
    """Return the changes; `mutable` contains the kinds that the configuration allows to change in place."""
    kind = str(news.get("kind") or olds.get("kind") or "")
    replaced = (*ALWAYS, *(() if kind in mutable else REPLACED.get(kind, ())))
    return [
        Change(path, what, any(path == rule or path.startswith((f"{rule}.", f"{rule}[")) for rule in replaced))
        for path, what in _differences(olds, news)
        if not path.startswith("__")
    ]


def deletes_first(olds: Props, news: Props) -> bool:
    """Return whether a replacement must delete the old object first because the new object has the same name."""
    automatic = ((news.get("metadata") or {}).get("annotations") or {}).get(AUTONAMED) == "true"
    return not automatic and identity(olds) == identity(news)


def _differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(name), new.get(name), f"{path}.{name}" if path else name)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from _differences(*pair, f"{path}[{index}]")
    elif old != new:
        yield path, "ADD" if old is None else "DELETE" if new is None else "UPDATE"


def refresh(inputs: Props, live: Props) -> Props:
    """Return the inputs with live values; like the official plugin, treat 1000m and 1 as different strings."""
    found: Props = _refresh(inputs, live)
    if "stringData" in inputs:  # the API server returns stringData in `data`
        found["stringData"] = _texts(inputs["stringData"], live.get("data") or {})
    return found


def _refresh(given: Any, live: Any) -> Any:
    if isinstance(given, dict) and isinstance(live, dict):
        pairs = {name: _refresh(value, live.get(name)) for name, value in given.items()}
        return {name: value for name, value in pairs.items() if value is not None}
    if isinstance(given, list) and isinstance(live, list):
        return _items(given, live)
    if given in ({}, []) and live is None:  # the API server drops empty objects
        return given
    return live


def _items(given: list[Any], live: list[Any]) -> list[Any]:
    key = next(
        (key for key in MERGE_KEYS if all(isinstance(item, dict) and key in item for item in [*given, *live])), None
    )
    if key is None:
        return [_refresh(*pair) for pair in zip(given, live, strict=True)] if len(given) == len(live) else live
    by_key = {item[key]: item for item in live}
    keys = {item[key] for item in given}
    kept = [_refresh(item, by_key[item[key]]) for item in given if item[key] in by_key]
    return kept + [item for item in live if item[key] not in keys and key == "name" and not _is_injected(item)]


def _is_injected(item: Props) -> bool:
    """Return whether the item is a volume that the API server adds to every pod."""
    return str(item["name"]).startswith("kube-api-access-")


def _texts(given: Props, data: Props) -> Props:
    live = {name: data[name] for name in given if name in data}
    return {name: given[name] if _encode(given[name]) == value else _decode(value) for name, value in live.items()}


def _encode(text: Any) -> str:
    return base64.b64encode(str(text).encode()).decode()


def _decode(value: str) -> str:
    return base64.b64decode(value).decode(errors="replace")

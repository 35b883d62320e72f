"""Validate objects against the schemas of Kubernetes, KEDA, Kueue, Karpenter, and EKS security groups for pods.

The schemas are extracted once per version from the projects' Go modules: from OpenAPI documents for Kubernetes and
from CustomResourceDefinitions for the others. Unknown fields are rejected, as with strict field validation.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from intermodal_offline import golang
from intermodal_offline.cluster import versions
from local.cache import build_once

FILE = "schemas.json"
KINDS = {"v1": ("ConfigMap", "Namespace", "Secret", "ServiceAccount"), "networking.k8s.io/v1": ("NetworkPolicy",)}
"""Built-in Kubernetes kinds, by API version."""

Failure = tuple[str, str]
"""Invalid path and the reason."""


@dataclass(frozen=True, kw_only=True)
class Module:
    """A Go module with CustomResourceDefinitions."""

    path: str
    version: str
    checksum: str
    folder: str
    """Folder in the module that contains the schemas."""


KUBERNETES = Module(
    path="k8s.io/kubernetes",
    version=f"v{versions.KUBERNETES}",
    checksum="h1:Yy6R4QB8C9kJPp25GFqEvX5XQwY5qzKeqD0Xx6oAcmk=",
    folder="api/openapi-spec/v3",
)
EXTENSIONS = (
    Module(
        path=versions.KEDA_MODULE,
        version=f"v{versions.KEDA}",
        checksum=versions.KEDA_CHECKSUM,
        folder="config/crd/bases",
    ),
    Module(
        path=versions.KUEUE_MODULE,
        version=f"v{versions.KUEUE}",
        checksum=versions.KUEUE_CHECKSUM,
        folder="config/components/crd/bases",
    ),
    Module(
        path="sigs.k8s.io/karpenter",
        version="v1.9.0",
        checksum="h1:95p6+9AaZ/eYD3hLPyvBDBquC3v8m09T2u/pB/3Qrqs=",
        folder="pkg/apis/crds",
    ),
    Module(
        path="github.com/aws/amazon-vpc-resource-controller-k8s",
        version="v1.8.2",
        checksum="h1:S6fvZf7+Xjho4LLo2AdxT3x9yaOJ37Ly/eGQd+ASWi4=",
        folder="config/crd/bases",
    ),
)


@cache
def schemas() -> Mapping[str, Any]:
    """Return the schemas by `"{apiVersion} {kind}"`."""
    named = "-".join(f"{module.path.rpartition('/')[2]}{module.version}" for module in (KUBERNETES, *EXTENSIONS))
    folder = build_once(f"schemas/{named}", _extract)
    loaded: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return loaded


def failures(document: Mapping[str, Any]) -> list[Failure]:
    """Return the paths and reasons for which the API server would reject an object.

    Raises:
        KeyError: there is no schema for the kind.
    """
    validator = _validator(f"{document['apiVersion']} {document['kind']}")
    return [(error.json_path.removeprefix("$."), error.message) for error in validator.iter_errors(document)]


@cache
def _validator(kind: str) -> Any:
    from jsonschema import Draft7Validator  # noqa: PLC0415 - needed only for validation

    return Draft7Validator(schemas()[kind])


def _extract(folder: Path) -> None:
    go = golang.find(
        "Go is required to fetch the Kubernetes, KEDA, and Kueue schemas, but is not installed; install Go 1.24."
    )
    made: dict[str, Any] = {}
    own = _folder(go, KUBERNETES)
    for version, kinds in KINDS.items():
        made |= _kinds(own, version, kinds)
    for module in EXTENSIONS:
        for path in sorted(_folder(go, module).glob("*.yaml")):
            made |= dict(_definition(yaml.safe_load(path.read_text(encoding="utf-8"))))
    (folder / FILE).write_text(json.dumps(made), encoding="utf-8")


def _folder(go: str, module: Module) -> Path:
    return golang.module(go, module.path, module.version, module.checksum) / module.folder


def _kinds(folder: Path, version: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    group = "apis__" if "/" in version else "api__"
    file = folder / f"{group}{version.replace('/', '__')}_openapi.json"
    components = json.loads(file.read_text(encoding="utf-8"))["components"]["schemas"]
    return {
        f"{version} {kind}": _strict(_inline(schema, components))
        for schema in components.values()
        for each in schema.get("x-kubernetes-group-version-kind", ())
        if (kind := each["kind"]) in kinds and "properties" in schema
    }


def _inline(node: Any, components: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a schema with resolved references; some are recursive, so anything matches below 12 levels."""
    if depth > 12:
        return {}
    if isinstance(node, Mapping):
        if "$ref" in node:
            return _inline(components[node["$ref"].rpartition("/")[2]], components, depth + 1)
        return {key: _inline(value, components, depth) for key, value in node.items()}
    return [_inline(item, components, depth) for item in node] if isinstance(node, list) else node


def _definition(definition: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    spec = definition["spec"]
    for version in spec["versions"]:
        yield (
            f"{spec['group']}/{version['name']} {spec['names']['kind']}",
            _strict(version["schema"]["openAPIV3Schema"], root=True),
        )


def _strict(node: Any, *, root: bool = False) -> Any:
    """Return a JSON schema that rejects unknown fields and accepts a quantity as a string or a number."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    made = {key: _strict(value) for key, value in node.items() if key not in {"description", "default", "format"}}
    if node.get("x-kubernetes-int-or-string") or node.get("format") == "int-or-string":
        made.pop("anyOf", None)
        made.pop("oneOf", None)
        made["type"] = ["integer", "string"]
    elif len(node.get("allOf", ())) == 1 and "properties" not in node:
        return _strict(node["allOf"][0])
    if isinstance(node.get("properties"), Mapping):
        made["properties"] = {name: _strict(value) for name, value in node["properties"].items()}
        open_ended = node.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in node
        if not open_ended:
            made["additionalProperties"] = False
        if root:
            made["properties"]["metadata"] = {"type": "object"}
    return made

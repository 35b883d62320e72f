"""Every object meets the schemas of the API server, KEDA, Kueue, Karpenter and EKS, and the naming rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from intermodal.testing import Mocks
from intermodal_offline.schemas import kubernetes
from tests.judge.conftest import unmark_secrets

NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
"""Valid object name: a DNS subdomain (Kubernetes documentation, Object Names and IDs)."""

LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
"""Valid label value (Kubernetes documentation, Labels and Selectors)."""

HELM = "kubernetes:helm.sh/v3:Release"


def objects(cloud: Mocks) -> Iterator[dict[str, Any]]:
    """Yield a rendering's Kubernetes objects."""
    for args in cloud.resources.values():
        if args.typ.startswith("kubernetes:") and args.typ != HELM:
            yield unmark_secrets(dict(args.inputs))


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield everything that an API server would reject."""
    for path, reason in kubernetes.failures(document):
        yield f"{document['kind']} {path}: {reason}"
    metadata = document["metadata"]
    for key in ("name", "namespace"):
        if key in metadata and not NAME.fullmatch(metadata[key]):
            yield f"{document['kind']} metadata.{key}: {metadata[key]!r} is not a DNS subdomain"
    for key, value in _labels(document):
        if not LABEL_VALUE.fullmatch(value):
            yield f"{document['kind']} label {key}: {value!r}"


def _labels(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in {"labels", "matchLabels"} and isinstance(value, Mapping):
                yield from value.items()
            else:
                yield from _labels(value)
    elif isinstance(node, list):
        for item in node:
            yield from _labels(item)


def test_kubernetes_accepts_every_object(rendered: Mocks) -> None:
    assert [problem for document in objects(rendered) for problem in problems(document)] == []


ACCOUNT: dict[str, Any] = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "scan"}}
JOBS: dict[str, Any] = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledJob", "metadata": {"name": "scan"}}


@pytest.mark.parametrize(
    "document",
    [
        {**ACCOUNT, "automountServiceAccount": False},
        {**ACCOUNT, "metadata": {"name": "Scan"}},
        {**ACCOUNT, "metadata": {"name": "scan", "labels": {"a": "x" * 64}}},
        {**JOBS, "spec": {"triggers": [], "pollInterval": 10}},
        {**JOBS, "spec": {"triggers": [], "jobTargetRef": {"template": {"spec": {"containers": [{"name": 1}]}}}}},
    ],
    ids=["unknown field", "capital", "long label", "unknown field of a custom kind", "type in a Job's pod"],
)
def test_invalid_object_is_refused(document: dict[str, Any]) -> None:
    assert list(problems(document))

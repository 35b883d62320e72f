"""The offline docker-build provider rejects what it does not do, and finds changes without building."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2

from intermodal.images.reference import hash_folder
from intermodal_offline.providers import values
from intermodal_offline.providers.docker_build import IMAGE, Diff, DockerBuild
from intermodal_offline.providers.values import UNKNOWN
from local.docker import architecture
from tests.offline.providers.rpc import Aborted, Context, urn

URN = urn(IMAGE, "scan")
TAG = "127.0.0.1:4599/images:one"


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Any]:
    """Return valid inputs."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    platform = f"linux/{architecture.of_this_machine()}"
    return {
        "buildOnPreview": False,
        "context": {"location": str(tmp_path)},
        "network": "default",
        "platforms": [platform],
        "push": True,
        "tags": [TAG],
    }


def check(inputs: dict[str, Any], urn: str = URN) -> dict[str, str]:
    """Return the reason of each failure, by property."""
    request = SimpleNamespace(urn=urn, news=values.write(inputs))
    response = DockerBuild("0").Check(request, Context())
    return {failure.property: failure.reason for failure in response.failures}


def diff(olds: dict[str, Any], news: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Return the changed properties."""
    request = SimpleNamespace(old_inputs=values.write(olds), news=values.write(news), olds=values.write(state), urn=URN)
    response: provider_pb2.DiffResponse = DockerBuild("0").Diff(request, Context())
    assert (response.changes == Diff.DIFF_SOME) is bool(response.diffs)
    return list(response.diffs)


@pytest.mark.parametrize("change", [{}, {"tags": UNKNOWN}, {"tags": [UNKNOWN]}, {"registries": []}])
def test_valid_inputs_are_accepted(inputs: dict[str, Any], change: dict[str, Any]) -> None:
    assert check({**inputs, **change}) == {}


def test_several_platforms_may_include_this_machines(inputs: dict[str, Any]) -> None:
    assert check({**inputs, "platforms": ["linux/amd64", "linux/arm64"]}) == {}


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"target": "build"}, "target", "target is not supported by the offline provider"),
        ({"network": "none"}, "network", "network is not supported by the offline provider"),
        ({"push": False}, "push", "always pushes"),
        ({"platforms": ["linux/s390x"]}, "platforms", "builds only for this machine"),
        ({"tags": [TAG, TAG]}, "tags", "pushes one tag, got 2"),
        ({"tags": ["registry.example/scan:1"]}, "tags", "not in a registry on this machine"),
        ({"context": {"location": "/nowhere"}}, "context", "must be a folder with a Dockerfile, got '/nowhere'"),
    ],
)
def test_unsupported_input_is_refused(inputs: dict[str, Any], change: dict[str, Any], name: str, reason: str) -> None:
    failures = check({**inputs, **change})
    assert list(failures) == [name]
    assert reason in failures[name]


def test_other_types_are_refused(inputs: dict[str, Any]) -> None:
    with pytest.raises(Aborted, match=f"supports only {IMAGE}; use the official plugin"):
        check(inputs, URN.replace(IMAGE, "docker-build:index:Index"))


def test_only_files_and_inputs_are_changes(inputs: dict[str, Any], tmp_path: Path) -> None:
    login = {"registries": [{"address": "127.0.0.1:4599", "password": "new"}]}
    first = diff(inputs, inputs, {})
    assert first == ["context"], "the state of an interrupted build has no hash"
    state = {"contextHash": hash_folder(inputs["context"]["location"])}
    assert diff(inputs, {**inputs, **login}, state) == []
    assert diff(inputs, {**inputs, "tags": [f"{TAG}b"]}, state) == ["tags"]
    (tmp_path / "app.py").write_text("x = 1\n")
    assert diff(inputs, inputs, state) == ["context"]


def test_preview_of_a_new_image_has_its_tag(inputs: dict[str, Any]) -> None:
    request = SimpleNamespace(urn=URN, properties=values.write(inputs), preview=True)
    outputs = values.read(DockerBuild("0").Create(request, Context()).properties)
    assert (outputs["ref"], outputs["digest"]) == (TAG, UNKNOWN)

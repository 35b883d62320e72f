"""Through the life of a stack: made, unchanged, changed, drifted, mended, gone."""

import json
from typing import Any

import pytest

from intermodal_offline.providers.kubernetes.api import Api
from tests.offline.providers.stack import Engine, Stack, Step

CORE = "kubernetes:core/v1"
IN_PLACE = {
    f"{CORE}:ServiceAccount",
    "kubernetes:rbac.authorization.k8s.io/v1:Role",
    "kubernetes:apps/v1:Deployment",
    "kubernetes:keda.sh/v1alpha1:ScaledJob",
}
REPLACED = {f"{CORE}:ConfigMap", f"{CORE}:Secret", "kubernetes:batch/v1:Job"}
KEPT = {
    f"{CORE}:Namespace",
    "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor",
}
ALL = IN_PLACE | REPLACED | KEPT


@pytest.fixture(scope="module")
def walked(kubernetes_engine: Engine, config: dict[str, Any], api: Api) -> Stack:
    """A stack that has gone the whole way; each step is looked at below."""
    stack = kubernetes_engine.stack("walk", config)
    stack.step("preview", "preview")
    stack.step("up", "up", "--yes", "--skip-preview")
    stack.step("again", "preview", "--refresh", "--expect-no-changes")
    stack.step("change previewed", "preview", variant="changed")
    stack.step("change", "up", "--yes", "--skip-preview", variant="changed")
    stack.step("changed again", "preview", "--refresh", "--expect-no-changes", variant="changed")
    drift(stack, api)
    stack.step("drift", "preview", "--refresh", variant="changed")
    stack.step("conflict", "up", "--yes", "--skip-preview", "--refresh", variant="changed")
    stack.step("force", "up", "--yes", "--skip-preview", "--refresh", variant="forced")
    stack.step("destroy", "destroy", "--yes", "--skip-preview")
    return stack


def drift(stack: Stack, api: Api) -> None:
    """Somebody else takes over the number of replicas, and deletes the ConfigMap."""
    outputs = json.loads(stack.engine.run("stack", "output", "--stack", stack.name, "--json").stdout)
    space = outputs["namespace"]
    [found] = (api.get(f"/apis/apps/v1/namespaces/{space}/deployments") or {})["items"]
    name = found["metadata"]["name"]
    body = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": space},
        "spec": {"replicas": 1},
    }  # fmt: skip
    api.apply(f"/apis/apps/v1/namespaces/{space}/deployments/{name}", body, manager="somebody", force=True)
    api.delete(f"/api/v1/namespaces/{space}/serviceaccounts/{service_account(api, space)}", "Background")


def service_account(api: Api, space: str) -> str:
    """The one that the program made."""
    items = (api.get(f"/api/v1/namespaces/{space}/serviceaccounts") or {})["items"]
    return next(str(each["metadata"]["name"]) for each in items if each["metadata"]["name"].startswith("main-"))


def step(stack: Stack, name: str, code: int = 0) -> Step:
    """A step with the exit code that it should have."""
    found = stack.steps[name]
    assert found.code == code, found.said
    return found


@pytest.mark.parametrize("name", ["preview", "up"])
def test_everything_is_created(walked: Stack, name: str) -> None:
    done = step(walked, name)
    assert {token for token in done.operations if done.of(token) == {"create"}} == ALL


@pytest.mark.parametrize("name", ["again", "changed again"])
def test_nothing_would_change_after_a_refresh(walked: Stack, name: str) -> None:
    step(walked, name)


@pytest.mark.parametrize("name", ["change previewed", "change"])
def test_a_change_updates_replaces_or_leaves_alone(walked: Stack, name: str) -> None:
    done = step(walked, name)
    for token in IN_PLACE:
        assert done.of(token) == {"update"}, token
    for token in REPLACED:
        assert "replace" in done.of(token), token
    for token in KEPT:
        assert done.of(token) == {"same"}, token


def test_a_fixed_name_is_deleted_before_it_is_made_anew(walked: Stack) -> None:
    assert "delete-replaced" in step(walked, "change").of(f"{CORE}:Secret")


def test_drift_is_seen(walked: Stack) -> None:
    done = step(walked, "drift", code=1)  # the preview says already that the update would not be allowed
    assert "spec.replicas" in done.details["kubernetes:apps/v1:Deployment"]
    assert "create" in done.of(f"{CORE}:ServiceAccount")


@pytest.mark.parametrize("name", ["drift", "conflict"])
def test_what_somebody_else_has_taken_is_named(walked: Stack, name: str) -> None:
    done = step(walked, name, code=1)
    assert "another field manager owns fields of it" in done.said
    assert '"somebody"' in done.said


def test_it_is_taken_back_by_force(walked: Stack) -> None:
    assert "update" in step(walked, "force").of("kubernetes:apps/v1:Deployment")


def test_everything_goes(walked: Stack, api: Api) -> None:
    done = step(walked, "destroy")
    assert {token for token in done.operations if done.of(token) == {"delete"}} == ALL
    spaces = (api.get("/api/v1/namespaces") or {})["items"]
    assert not [each["metadata"]["name"] for each in spaces if each["metadata"]["name"].startswith("main-")]

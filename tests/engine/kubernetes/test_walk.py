"""A stack goes through its lifecycle: created, unchanged, changed, drifted, repaired, deleted."""

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
def walked_stack(kubernetes_engine: Engine, config: dict[str, Any], api: Api) -> Stack:
    """Run every step on one stack; the tests examine the results."""
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
    """Take over the replica count as another field manager, and delete the ConfigMap."""
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
    """Return the program's service account."""
    items = (api.get(f"/api/v1/namespaces/{space}/serviceaccounts") or {})["items"]
    return next(str(each["metadata"]["name"]) for each in items if each["metadata"]["name"].startswith("main-"))


def step(stack: Stack, name: str, code: int = 0) -> Step:
    """Run a step and check its exit code."""
    found = stack.steps[name]
    assert found.code == code, found.output
    return found


@pytest.mark.parametrize("name", ["preview", "up"])
def test_all_kinds_are_created(walked_stack: Stack, name: str) -> None:
    done = step(walked_stack, name)
    assert {token for token in done.operations if done.of(token) == {"create"}} == ALL


@pytest.mark.parametrize("name", ["again", "changed again"])
def test_refresh_leaves_no_changes(walked_stack: Stack, name: str) -> None:
    step(walked_stack, name)


@pytest.mark.parametrize("name", ["change previewed", "change"])
def test_change_updates_replaces_or_keeps_the_object(walked_stack: Stack, name: str) -> None:
    done = step(walked_stack, name)
    for token in IN_PLACE:
        assert done.of(token) == {"update"}, token
    for token in REPLACED:
        assert "replace" in done.of(token), token
    for token in KEPT:
        assert done.of(token) == {"same"}, token


def test_object_with_a_fixed_name_is_deleted_before_replacement(walked_stack: Stack) -> None:
    assert "delete-replaced" in step(walked_stack, "change").of(f"{CORE}:Secret")


def test_drift_is_detected(walked_stack: Stack) -> None:
    done = step(walked_stack, "drift", code=1)  # the preview already rejects the update
    assert "spec.replicas" in done.details["kubernetes:apps/v1:Deployment"]
    assert "create" in done.of(f"{CORE}:ServiceAccount")


@pytest.mark.parametrize("name", ["drift", "conflict"])
def test_field_conflict_mentions_the_other_manager(walked_stack: Stack, name: str) -> None:
    done = step(walked_stack, name, code=1)
    assert "another field manager owns some of its fields" in done.output
    assert '"somebody"' in done.output


def test_force_takes_the_field_back(walked_stack: Stack) -> None:
    assert "update" in step(walked_stack, "force").of("kubernetes:apps/v1:Deployment")


def test_destroy_deletes_all_kinds(walked_stack: Stack, api: Api) -> None:
    done = step(walked_stack, "destroy")
    assert {token for token in done.operations if done.of(token) == {"delete"}} == ALL
    spaces = (api.get("/api/v1/namespaces") or {})["items"]
    assert not [each["metadata"]["name"] for each in spaces if each["metadata"]["name"].startswith("main-")]

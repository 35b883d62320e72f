"""The cluster is unreachable, not known yet, or on another machine."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench.harness.ports import free_port
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, UnknownClusterError, connection
from tests.offline.providers.stack import Engine

FLAVOR = "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor"


@pytest.fixture
def unreachable_config(config: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """Return the program's configuration with a kubeconfig that points to a closed port."""
    content = yaml.safe_load(Path(config["objects:kubeconfig"]).read_text())
    content["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{free_port()}"
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(content))
    return {**config, "objects:kubeconfig": str(path)}


def test_unreachable_cluster_fails_an_update_not_a_preview(
    kubernetes_engine: Engine, unreachable_config: dict[str, Any]
) -> None:
    stack = kubernetes_engine.stack("unreachable", unreachable_config)
    previewed = stack.step("preview", "preview")
    assert previewed.code == 0, previewed.output
    assert previewed.of("kubernetes:core/v1:ConfigMap") == {"create"}
    assert "is not responding (Connection refused); start it (`make cluster`)" in previewed.output, previewed.output
    assert " 1 warning" in previewed.output, "one warning for all objects in the cluster"
    done = stack.step("up", "up", "--yes", "--skip-preview")
    assert done.code == 1
    assert "is not responding (Connection refused); start it (`make cluster`)" in done.output


def test_missing_kubeconfig_can_be_previewed(kubernetes_engine: Engine, config: dict[str, Any]) -> None:
    stack = kubernetes_engine.stack("missing", {**config, "objects:kubeconfig": "/nowhere/kubeconfig"})
    previewed = stack.step("preview", "preview")
    assert previewed.code == 0, previewed.output
    assert "The preview of the cluster's objects is based only on the program's inputs." in previewed.output
    done = stack.step("up", "up", "--yes", "--skip-preview")
    assert "cannot read kubeconfig /nowhere/kubeconfig (No such file or directory)" in done.output


def test_lost_cluster_is_dropped_from_state_only_on_request(
    kubernetes_engine: Engine, config: dict[str, Any], unreachable_config: dict[str, Any], api: Api
) -> None:
    stack = kubernetes_engine.stack("lost", config)
    made = stack.step("up", "up", "--yes", "--skip-preview", "--target", f"**{FLAVOR}::main")
    assert made.code == 0, made.output
    deployment = json.loads(kubernetes_engine.run("stack", "export", "--stack", "lost").stdout)["deployment"]
    [name] = [each["id"] for each in deployment["resources"] if each["type"] == FLAVOR]
    settings = {name.removeprefix("objects:"): value for name, value in unreachable_config.items()}
    kubernetes_engine.run("config", "set", "kubeconfig", settings["kubeconfig"], "--stack", "lost")
    stuck = stack.step("stuck", "refresh", "--yes", "--skip-preview", "--run-program")
    assert stuck.code == 1
    assert "set the provider's deleteUnreachable option" in stuck.output
    kubernetes_engine.run("config", "set", "deleteUnreachable", "true", "--stack", "lost")
    gone = stack.step("gone", "refresh", "--yes", "--skip-preview", "--run-program")
    assert gone.code == 0, gone.output
    assert FLAVOR not in kubernetes_engine.run("stack", "export", "--stack", "lost").stdout
    path = f"/apis/kueue.x-k8s.io/v1beta2/resourceflavors/{name}"
    assert api.get(path)  # the object must still exist
    api.delete(path, "Background")


def test_remote_api_server_is_refused(config: dict[str, Any]) -> None:
    content = yaml.safe_load(Path(config["objects:kubeconfig"]).read_text())
    content["clusters"][0]["cluster"]["server"] = "https://10.0.0.1:6443"
    with pytest.raises(Exception, match="works only with an API server on this machine"):
        connection(Chosen(kubeconfig=yaml.safe_dump(content)))


def test_missing_context_is_reported(config: dict[str, Any]) -> None:
    with pytest.raises(UnknownClusterError, match="the kubeconfig has no context 'other'; use one of: intermodal"):
        connection(Chosen(kubeconfig=config["objects:kubeconfig"], context="other"))

"""An unreachable cluster does not hide any part of a preview; test_unreachable.py covers updates."""

import json
from pathlib import Path

import yaml

from bench.harness.ports import free_port
from bench.harness.project import Project
from local.engine.workspace import Workspace
from tests.engine.conftest import workspace

__all__ = ["workspace"]

CONSUMERS = {
    "aws:lambda/function:Function::scan-lambda-main-function",
    "aws:ecs/service:Service::scan-ecs-main-service",
    "kubernetes:keda.sh/v1alpha1:ScaledJob::scan-kubernetes-main-jobs",
}


def test_every_target_is_previewed(workspace: Workspace, tmp_path: Path) -> None:
    cluster = {"name": "gone", "cluster": {"server": f"https://127.0.0.1:{free_port()}"}}
    context = {"name": "gone", "context": {"cluster": "gone", "user": "nobody"}}
    user = {"name": "nobody", "user": {"token": "t"}}
    content = {"apiVersion": "v1", "kind": "Config", "current-context": "gone"}
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(yaml.safe_dump({**content, "clusters": [cluster], "contexts": [context], "users": [user]}))
    project = Project.copy(workspace, Path(__file__).parent / "lost", tmp_path / "lost")
    project.configure({"lost:kubeconfig": str(kubeconfig)})

    log = tmp_path / "events.log"
    workspace.run("preview", "--stack", project.stack, "--event-log", str(log), cwd=project.folder)
    steps = [json.loads(line).get("resourcePreEvent") for line in log.read_text().splitlines()]
    created = {
        step["metadata"]["urn"].rpartition("$")[2] for step in steps if step and step["metadata"]["op"] == "create"
    }
    assert created >= CONSUMERS

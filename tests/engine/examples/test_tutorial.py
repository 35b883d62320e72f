"""The tutorial's program greets on Lambda, and after one changed word on ECS."""

import contextlib
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from bench.harness.project import Project
from local import paths
from local.cache import hold_lock
from local.docker import daemon, images
from local.engine.workspace import Workspace
from tests.engine.examples.conftest import Clients, DeployProject
from tests.engine.examples.test_examples import has_line

PROGRAMS = paths.ROOT / "tests" / "unit" / "docs" / "programs"
FOLDERS = {"greeter": "templates/intermodal-python/function", "runtime": "runtime"}


def test_tutorial_moves_the_greeter_from_lambda_to_ecs(
    workspace: Workspace, deploy_project: DeployProject, docker: daemon.Docker, client: Clients, tmp_path: Path
) -> None:
    source, folder = tmp_path / "source", tmp_path / "tutorial"
    for name, original in FOLDERS.items():
        shutil.copytree(paths.ROOT / original, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROGRAMS / "greeter.py", source / "__main__.py")
    (source / "Pulumi.yaml").write_text("name: tutorial\nruntime: python\n")
    with contextlib.chdir(source), closing(docker.client()) as found, hold_lock("tests-images"):
        images.ensure(found, FOLDERS)
    project = Project.copy(workspace, source, folder)
    config: dict[str, Any] = yaml.safe_load((PROGRAMS / "Pulumi.greeter.yaml").read_text())["config"]
    project.configure(config)
    outputs = deploy_project(project)
    for target, name in (("lambda", "Ada"), ("ecs", "Grace")):
        config["intermodal:placement"]["greeter"]["target"] = target
        project.configure(config)
        assert project.up() == outputs, "the inbox stays"
        client("sqs").send_message(QueueUrl=outputs["inbox_url"], MessageBody=f'{{"name": "{name}"}}')
        assert has_line(client, "greeter-logs", f"Hello {name}!")

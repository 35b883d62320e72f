"""A project created from the template with `pulumi new` deploys and handles a message."""

from pathlib import Path

from bench.harness.project import Project
from local import paths
from local.engine.workspace import Workspace
from tests.engine.examples.conftest import Clients, DeployProject
from tests.engine.examples.test_examples import has_line

TEMPLATE = paths.ROOT / "templates" / "intermodal-python"


def test_project_from_template_handles_a_message(
    workspace: Workspace, deploy_project: DeployProject, client: Clients, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    options = ["--yes", "--generate-only", "--name", "demo", "--dir", str(folder)]
    workspace.run("new", str(TEMPLATE), *options, cwd=tmp_path)
    (folder / "venv").symlink_to(paths.VENV)  # `pulumi install` creates it if there is internet
    workspace.run("stack", "init", "dev", cwd=folder)
    project = Project(workspace=workspace, folder=folder, stack="dev")
    project.configure({"intermodal:placement": {"hello": {"memoryMib": 256}}})
    outputs = deploy_project(project)
    (function,) = [each for each in project.resources() if each["type"] == "aws:lambda/function:Function"]
    assert function["inputs"]["memorySize"] == 256
    client("sqs").send_message(QueueUrl=outputs["inbox_url"], MessageBody='{"name": "Grace"}')
    assert has_line(client, "hello-logs", "Hello Grace!")

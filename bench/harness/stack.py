"""Deploy a stack with functions to an AWS emulator and a Kubernetes cluster."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.harness.load import Load
from bench.harness.project import Project
from local.aws import deployer
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.cluster import Cluster
from local.docker import images
from local.docker.daemon import Docker
from local.engine.workspace import Workspace

FOLDERS = ["tests/conformance/python", "runtime"]


@dataclass(frozen=True)
class Stack:
    """Stack with the functions passed to `configure`."""

    project: Project
    emulator: Emulator
    cluster: Cluster
    config: dict[str, Any]

    @property
    def namespace(self) -> str:
        """Namespace in which the stack's pods run."""
        return str(self.config["namespace"])

    def configure(self, functions: Mapping[str, Mapping[str, Any]], **more: Any) -> None:
        """Write the stack file with the target, timeout, and optional settings of each function."""
        self.config.update(more, functions={name: dict(settings) for name, settings in functions.items()})
        self.project.configure({f"chaos:{key}": value for key, value in self.config.items()})

    def move(self, name: str, target: str) -> None:
        """Change a function's target and deploy."""
        functions = self.config["functions"]
        self.configure({**functions, name: {**functions[name], "target": target}})
        self.project.up()

    def up(self) -> Mapping[str, Load]:
        """Deploy and return a load generator for each function."""
        return {name: Load(self.client("sqs"), outputs) for name, outputs in self.project.up().items()}

    def client(self, service: str) -> Any:
        """Return an AWS client for the emulator with the deployer's credentials."""
        connect: Any = deployer.session(self.emulator).client
        return connect(service, endpoint_url=self.emulator.endpoint)


@contextmanager
def undeployed(
    workspace: Workspace, emulator: Emulator, docker: Docker, cluster: Cluster, folder: Path, *, apart: bool = False
) -> Iterator[Stack]:
    """Yield a stack before its first deployment, with its program in `folder`; destroy it afterwards.

    With `apart`, the platform is in a separate stack that is already deployed, as if a platform team owned it.
    """
    with closing(docker.client()) as client, hold_lock("tests-images"):
        image, adapter = images.ensure(client, FOLDERS)
    for reference in (image, adapter):
        cluster.load_image(reference)
    project = Project.copy(workspace, Path(__file__).parent / "program", folder)
    with cluster.forward(emulator.port) as endpoint:
        config = {"image": image, "adapter": adapter, "endpoint": endpoint, "kubeconfig": str(cluster.kubeconfig)}
        config["namespace"] = f"chaos-{os.urandom(3).hex()}"
        platform = replace(project, stack="platform")
        if apart:
            workspace.run("stack", "init", platform.stack, cwd=folder)
            Stack(platform, emulator, cluster, dict(config)).configure({})
            platform.up()
            config["platform"] = f"organization/chaos/{platform.stack}"
        yield Stack(project, emulator, cluster, config)
        project.destroy()
        if apart:
            platform.destroy()

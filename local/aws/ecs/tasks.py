"""Manage all tasks in an emulator."""

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import docker
from docker.errors import DockerException

from local.aws.container import LABEL
from local.aws.ecs.agent import Protector
from local.aws.ecs.containers import Containers, Host
from local.aws.ecs.credentials import Role
from local.aws.ecs.endpoints import Answer, Endpoints, Identity
from local.aws.ecs.metadata import Metadata
from local.aws.ecs.run import Run
from local.aws.ecs.scaling import Scaling
from local.aws.ecs.scheduler import Scheduler
from local.aws.ecs.spec import Spec
from local.aws.settings import Emulator
from local.docker.stats import Agent
from local.forwarding import Forwarders

END_SECONDS = 8.0


class Tasks:
    """Task runner; ministack's threads call its methods."""

    def __init__(self, emulator: Emulator, docker_host: str) -> None:
        client = docker.DockerClient(base_url=docker_host, timeout=60, max_pool_size=256)
        self._host = Host(emulator=emulator, client=client, forwarders=Forwarders(), endpoints=Endpoints())
        self._runs: dict[str, Run] = {}
        self._scheduler = Scheduler(self.stop)
        self._scaling = Scaling(emulator, self.poke)

    @property
    def client(self) -> docker.DockerClient:
        """Docker client for the tasks."""
        return self._host.client

    def run(self, task: dict[str, Any], definition: dict[str, Any], overrides: Sequence[Mapping[str, Any]]) -> None:
        """Run a task until it has stopped."""
        by_name = {override["name"]: override for override in overrides}
        specs = [Spec.of(one, by_name.get(one["name"], {})) for one in definition["containerDefinitions"]]
        run = Run(task, specs, self._containers(task, definition, specs))
        self._runs[task["taskArn"]] = run
        try:
            run.run()
        finally:
            del self._runs[task["taskArn"]]
            self.poke()

    def stop(self, arn: str) -> None:
        """Wake the thread of a task whose desired status is STOPPED."""
        if run := self._runs.get(arn):
            run.wake()

    def begin(self) -> None:
        """Start the scheduler and scaling threads, which require a patched ministack."""
        self._scheduler.start()
        self._scaling.start()

    def poke(self) -> None:
        """Reconcile the services now."""
        self._scheduler.poke()

    def abandon(self) -> None:
        """Kill all tasks immediately."""
        runs = list(self._runs.values())
        for run in runs:
            run.abandon()
        for run in runs:
            run.ended.wait(END_SECONDS / max(1, len(runs)))

    def close(self) -> None:
        """Stop the threads, kill all tasks, and remove their leftovers."""
        self._scaling.close()
        self._scheduler.close()
        self.abandon()
        with contextlib.suppress(DockerException):
            self.remove_leftovers()
        self._host.forwarders.close_all()
        self._host.endpoints.close()

    def remove_leftovers(self) -> None:
        """Remove this emulator's volumes; `Environments` removes all containers, including those of tasks."""
        for volume in self.client.volumes.list(filters={"label": f"{LABEL}={self._host.emulator.label}"}):
            volume.remove(force=True)

    def _containers(self, task: dict[str, Any], definition: dict[str, Any], specs: Sequence[Spec]) -> Containers:
        task_id = task["taskArn"].rsplit("/", 1)[-1]

        def role(name: str) -> Role | None:
            arn = (task.get("overrides") or {}).get(name) or definition.get(name)
            return Role(arn=arn, session_name=task_id) if arn else None

        own = role("taskRoleArn")

        def credentials(method: str, rest: str, body: bytes) -> Answer:  # noqa: ARG001 - the signature is common
            return (200, own.keys()) if own and not rest else (404, {"code": "NoIdInRequest", "message": "No role"})

        ids: dict[str, str] = {}
        identity = Identity(
            names=tuple(one.name for one in specs),
            credentials=credentials,
            metadata=Metadata(task, definition, ids, Agent(self.client.api).of).of,
            agent=Protector(task, own, self._host.emulator),
            docker_ids=ids,
        )
        return Containers(
            host=self._host,
            task_id=task_id,
            region=task["taskArn"].split(":")[3],
            definition=definition,
            role=own,
            execution_role=role("executionRoleArn"),
            identity=identity,
        )

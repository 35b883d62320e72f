"""Emulate the task metadata endpoint version 4 (ECS developer guide)."""

from collections.abc import Callable, Mapping
from typing import Any

from local.aws.ecs.endpoints import Answer, Ask


class Metadata:
    """A task's metadata, read from its record."""

    def __init__(
        self,
        task: Mapping[str, Any],
        definition: Mapping[str, Any],
        docker_ids: Mapping[str, str],
        stats: Callable[[str], Mapping[str, Any] | None],
    ) -> None:
        self._task, self._definition, self._docker_ids, self._stats = task, definition, docker_ids, stats

    def of(self, name: str | None) -> Ask:
        """Return the handler for a container's token."""

        def ask(method: str, rest: str, body: bytes) -> Answer:  # noqa: ARG001 - the signature is common
            part = rest.rstrip("/")
            if part == "task/stats":
                return 200, {docker_id: self._stats(docker_id) for docker_id in self._docker_ids.values()}
            if part == "stats":
                return 200, dict(self._stats(self._docker_ids.get(name or "", "")) or {})
            if part in {"task", "taskWithTags"}:
                return 200, self._describe_task()
            if part:
                return 404, {"message": f"No such path: {rest}"}
            return 200, next(c for c in self._containers() if c["Name"] == name)

        return ask

    def _describe_task(self) -> dict[str, Any]:
        task = self._task
        times = {
            "PullStartedAt": "pullStartedAt",
            "PullStoppedAt": "pullStoppedAt",
            "ExecutionStoppedAt": "executionStoppedAt",
        }
        limits = {"CPU": int(task.get("cpu") or 0) / 1024, "Memory": int(task.get("memory") or 0)}
        return {
            "Cluster": task["clusterArn"],
            "TaskARN": task["taskArn"],
            "Family": self._definition["family"],
            "Revision": str(self._definition["revision"]),
            "DesiredStatus": task["desiredStatus"],
            "KnownStatus": task["lastStatus"],
            "Limits": limits,
            "AvailabilityZone": task["availabilityZone"],
            "LaunchType": task["launchType"],
            "ServiceName": task["group"].removeprefix("service:") if task["group"].startswith("service:") else "",
            "Containers": self._containers(),
            **{shown: task[name] for shown, name in times.items() if task.get(name)},
        }

    def _containers(self) -> list[dict[str, Any]]:
        task, family = self._task, self._definition["family"]
        labels = {
            "com.amazonaws.ecs.cluster": task["clusterArn"],
            "com.amazonaws.ecs.task-arn": task["taskArn"],
            "com.amazonaws.ecs.task-definition-family": family,
            "com.amazonaws.ecs.task-definition-version": str(self._definition["revision"]),
        }
        return [
            {
                "DockerId": self._docker_ids.get(container["name"], ""),
                "Name": container["name"],
                "DockerName": container["name"],
                "Image": container["image"],
                "Labels": labels | {"com.amazonaws.ecs.container-name": container["name"]},
                "DesiredStatus": task["desiredStatus"],
                "KnownStatus": container["lastStatus"],
                "Type": "NORMAL",
                "ContainerARN": container["containerArn"],
                "Networks": [{"NetworkMode": "awsvpc", "IPv4Addresses": ["127.0.0.1"]}],
                **({"ExitCode": container["exitCode"]} if container.get("exitCode") is not None else {}),
            }
            for container in task["containers"]
        ]

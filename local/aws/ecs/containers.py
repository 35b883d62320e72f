"""Manage a task's containers, with their network namespace, volumes, logs, and environment."""

import contextlib
import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from docker import DockerClient
from docker.errors import APIError, DockerException, NotFound

from local.aws.container import LABEL
from local.aws.ecs import options, secrets
from local.aws.ecs.credentials import Role
from local.aws.ecs.endpoints import Endpoints, Identity
from local.aws.ecs.namespace import ENDPOINT, Namespace
from local.aws.ecs.secrets import StartError
from local.aws.ecs.spec import Spec
from local.aws.log_stream import LogStream
from local.aws.settings import Emulator
from local.docker import architecture, images
from local.forwarding import Forwarders

logger = logging.getLogger(__name__)
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
KILLED = 137


@dataclass(frozen=True, kw_only=True)
class Host:
    """Services that all tasks in an emulator share."""

    emulator: Emulator
    client: DockerClient
    forwarders: Forwarders
    endpoints: Endpoints

    @property
    def labels(self) -> dict[str, str]:
        """Labels for everything that a task creates in Docker; they identify leftovers."""
        return {LABEL: self.emulator.label}


@dataclass(kw_only=True)
class Containers:
    """A task's containers; call `prepare`, then `start` for each container."""

    host: Host
    task_id: str
    region: str
    definition: dict[str, Any]
    """The task definition."""
    role: Role | None
    execution_role: Role | None
    identity: Identity
    _namespace: Namespace | None = None
    _handles: dict[str, Any] = field(default_factory=dict)
    _volumes: dict[str, str] = field(default_factory=dict)
    _secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    _streams: dict[str, LogStream] = field(default_factory=dict)
    _followers: list[threading.Thread] = field(default_factory=list)

    def prepare(self, specs: Sequence[Spec]) -> None:
        """Create everything that the containers need.

        Raises:
            StartError: a required resource does not exist, or the role is not allowed to read it.
        """
        if self.definition.get("networkMode") != "awsvpc":
            raise StartError(
                f"ResourceInitializationError: networkMode must be awsvpc, got {self.definition.get('networkMode')!r}: "
                "like Fargate, the local emulator creates a network namespace for every task; set networkMode to awsvpc"
            )
        for one in specs:
            self._require_image(one)
            self._secrets[one.name] = secrets.fetch_secrets(one, self._as_execution_role)
            if made := secrets.log_stream(one, self.task_id, self._as_execution_role):
                self._streams[one.name] = LogStream(*made)
        self._make_volumes()
        self.identity.open(self.host.endpoints)
        self._namespace = Namespace.open(
            self.host.client,
            self.host.forwarders,
            name=self._name("pause"),
            labels=self.host.labels,
            emulator=self.host.emulator.port,
            endpoints=self.host.endpoints.port,
        )

    def start(self, one: Spec) -> Any:
        """Start a container and return its Docker handle."""
        assert self._namespace is not None  # noqa: S101 - prepare() has set it
        handle: Any = self.host.client.containers.create(
            one.image,
            name=self._name(one.name),
            labels=self.host.labels,
            network_mode=f"container:{self._namespace.container.id}",
            **options.of(one, self.definition, self._environment(one), self._volumes, self._list_volumes(one)),
        )
        self._handles[one.name] = handle
        if stream := self._streams.get(one.name):
            handle.start()
            follower = threading.Thread(target=stream.follow, args=(handle,), daemon=True, name=f"ecs-log-{one.name}")
            follower.start()
            self._followers.append(follower)
        else:
            handle.start()
        self.identity.started(one.name, handle.id)
        return handle

    def stop(self, one: Spec) -> None:
        """Send SIGTERM, then SIGKILL after the container's stopTimeout."""
        with contextlib.suppress(DockerException, OSError):  # the container has exited or was removed
            self._handles[one.name].stop(timeout=one.stop_seconds)

    def kill(self) -> None:
        """Send SIGKILL to all containers."""
        for handle in list(self._handles.values()):
            with contextlib.suppress(DockerException, OSError):
                handle.kill()

    @staticmethod
    def end_of(handle: Any) -> tuple[int, str | None]:
        """Wait for a container to exit; return its exit code, and a reason if it has one.

        Reasons are a lack of memory and an image for another architecture.
        """
        while True:
            try:
                code = int(handle.wait(timeout=None)["StatusCode"])
                handle.reload()
                if handle.attrs["State"]["OOMKilled"]:
                    return code, OUT_OF_MEMORY
                return code, architecture.explain_failure(handle, code) or None
            except (NotFound, APIError):
                return KILLED, None
            except OSError:
                logger.info("lost the connection to Docker while a container was running; reconnecting")
                threading.Event().wait(1)

    def health_of(self, one: Spec) -> str:
        """Return a container's ECS health status: HEALTHY, UNHEALTHY or UNKNOWN."""
        handle = self._handles[one.name]
        with contextlib.suppress(DockerException, OSError):
            handle.reload()
        status = (handle.attrs["State"].get("Health") or {}).get("Status", "")
        return str(status).upper() if status in {"healthy", "unhealthy"} else "UNKNOWN"

    def remove(self) -> None:
        """Write the last log lines, then remove everything that the task created in Docker."""
        for follower in self._followers:
            follower.join(timeout=5)
        for handle in self._handles.values():
            with contextlib.suppress(DockerException, OSError):
                handle.remove(force=True, v=True)
        for stream in self._streams.values():
            stream.close()
        if self._namespace:
            self._namespace.close()
        self.identity.close(self.host.endpoints)
        for volume in self._volumes.values():
            with contextlib.suppress(DockerException, OSError):
                self.host.client.volumes.get(volume).remove(force=True)

    def _require_image(self, one: Spec) -> None:
        if not images.has(self.host.client, one.image):
            raise StartError(
                f"CannotPullContainerError: pull image manifest failed: {one.image}: not found (the local emulator "
                "pulls images only from registries on this machine; run `make images` or `docker pull`)"
            )

    def _list_volumes(self, one: Spec) -> Collection[str]:
        """Return the paths that the image declares as VOLUME."""
        config = self.host.client.images.get(one.image).attrs.get("Config") or {}
        return tuple(config.get("Volumes") or ())

    def _make_volumes(self) -> None:
        for volume in self.definition.get("volumes") or []:
            if not (volume.get("host") or {}).get("sourcePath"):
                name = self._name(f"volume-{volume['name']}")
                self.host.client.volumes.create(name, labels=self.host.labels)
                self._volumes[volume["name"]] = name

    def _environment(self, one: Spec) -> dict[str, str]:
        """Return the platform's environment variables, overridden by the container's."""
        platform = {
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
            "AWS_ENDPOINT_URL": self.host.emulator.endpoint,  # otherwise it would call AWS
            "ECS_CONTAINER_METADATA_URI_V4": f"http://{ENDPOINT}/v4/{self.identity.tokens[one.name]}",
            "ECS_AGENT_URI": f"http://{ENDPOINT}/api/{self.identity.tokens[one.name]}",
        }
        if self.role:
            platform["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = f"/v2/credentials/{self.identity.credentials_id}"
        own = {entry["name"]: entry["value"] for entry in one.definition.get("environment") or []}
        return platform | own | self._secrets[one.name]

    def _as_execution_role(self, service: str, region: str | None) -> Any:
        if not self.execution_role:
            raise StartError(
                f"ResourceInitializationError: the task definition needs an execution role to use {service}; "
                "set executionRoleArn"
            )
        return self.execution_role.client(service, self.host.emulator, region or self.region)

    def _name(self, part: str) -> str:
        return f"ecs-{self.task_id[:12]}-{part}"

"""The containers of a task: adapter, gate, app and waiter, in the order of their starts.

ECS stops a container only after those that depend on it have ended (amazon-ecs-agent, dependencygraph/graph.go):

- Adapter and waiter get SIGTERM first. Nothing that runs by then depends on the adapter: the gate ended long before.
- The app is stopped once the waiter has ended, which is when the work is over. Its parked call stays open until then,
  so no client logs a crash, and work in hand has the whole grace.
- The adapter ends last, as soon as the app has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output

from intermodal.identity.secrets import parse_reference
from intermodal.targets.adapter import ADAPTER_USER, APP_GROUP, APP_USER, GRACE_SECONDS, name_value_pairs

ADAPTER_OWNER, ROOT = f"{ADAPTER_USER}:{ADAPTER_USER}", "0"

ADAPTER, GATE, APP, WAITER = "adapter", "gate", "app", "waiter"
LOG_BUFFER = "25m"

RUN_SECONDS, RUN_JITTER_SECONDS = 4 * 3600, 3600
"""A task ends by itself between two batches, after three to four hours: its service starts the current revision, so a
deployment ends under endless load too."""

END_SECONDS = 30
"""For an app to end: it is stopped when its work is over."""

LOST_SECONDS = 5
"""How long a waiter looks for an adapter that has ended: ECS does not start it again."""

TMP = "tmp"
TMP_MOUNT = {"sourceVolume": TMP, "containerPath": "/tmp"}  # noqa: S108 - the one folder that Lambda leaves writable
"""A volume of the task. A bind mount belongs to root with mode 0755 unless the image declares it as a VOLUME (ECS
developer guide, bind mounts), so the gate opens it to everybody before the app starts."""


ADAPTER_OPTIONS = (
    "--app-container",
    APP,
    "--wait-for-stop",
    "--run-seconds",
    str(RUN_SECONDS),
    "--run-jitter-seconds",
    str(RUN_JITTER_SECONDS),
)
"""What the adapter of a task needs beside the arguments of every adapter."""


@dataclass(frozen=True, kw_only=True)
class ContainersArgs:
    """Arguments of a task's containers."""

    lane: str
    image: Input[str]
    memory_mib: Input[int]
    variables: Mapping[str, Input[str]]
    secrets: Mapping[str, Input[str]]
    """References by variable."""
    adapter_image: Input[str]
    adapter_command: Sequence[Input[str]]
    log_group_name: Input[str]
    region: Input[str]


def container_definitions(args: ContainersArgs) -> list[dict[str, Any]]:
    """Return the definitions; the image's own entry point stays as it is."""
    ours: dict[str, Any] = {
        "image": args.adapter_image,
        "user": ADAPTER_OWNER,
        "readonlyRootFilesystem": True,
        "environment": [],
    }
    adapter = {
        **ours,
        "name": ADAPTER,
        "essential": True,
        "command": list(args.adapter_command),
        "memoryReservation": 64,
        "stopTimeout": GRACE_SECONDS,
        "logConfiguration": _log_configuration(args, ADAPTER),
    }
    gate = {
        **ours,
        "name": GATE,
        "essential": False,
        "command": ["gate", str(TMP_MOUNT["containerPath"])],
        "user": ROOT,
        "mountPoints": [TMP_MOUNT],
        "dependsOn": [{"containerName": ADAPTER, "condition": "START"}],
        "logConfiguration": _log_configuration(args, GATE),
    }
    app = {
        "name": APP,
        "image": args.image,
        "essential": True,
        "user": f"{APP_USER}:{APP_GROUP}",
        "readonlyRootFilesystem": True,
        "mountPoints": [TMP_MOUNT],
        "environment": name_value_pairs(args.variables),
        **_secrets(args.secrets),
        "dependsOn": [{"containerName": GATE, "condition": "SUCCESS"}],
        "memory": args.memory_mib,
        "stopTimeout": END_SECONDS,
        # As process 1 the Python and Node clients would ignore the SIGTERM that is to end them.
        "linuxParameters": {"initProcessEnabled": True},
        "logConfiguration": _log_configuration(args, APP),
    }
    waiter = {
        **ours,
        "name": WAITER,
        "essential": True,
        "command": ["waiter", str(LOST_SECONDS)],
        "dependsOn": [{"containerName": APP, "condition": "START"}],
        "stopTimeout": GRACE_SECONDS,
        "logConfiguration": _log_configuration(args, WAITER),
    }
    return [adapter, gate, app, waiter]


def _secrets(secrets: Mapping[str, Input[str]]) -> dict[str, Any]:
    """Return references; ECS fetches the values whenever a task starts, by its execution role."""
    if not secrets:
        return {}
    return {"secrets": [{"name": name, "valueFrom": _value_from(secrets[name])} for name in sorted(secrets)]}


def _value_from(reference: Input[str]) -> Output[str]:
    def expand(text: str) -> str:
        found = parse_reference(text)
        return found.value_from if found else text  # all else has been refused

    return Output.from_input(reference).apply(expand)


def _log_configuration(args: ContainersArgs, container: str) -> dict[str, Any]:
    """Write to the function's own group; without blocking, so that a slow CloudWatch never holds a heartbeat up."""
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": args.log_group_name,
            "awslogs-region": args.region,
            "awslogs-stream-prefix": f"ecs/{args.lane}-{container}",
            "mode": "non-blocking",
            "max-buffer-size": LOG_BUFFER,
        },
    }

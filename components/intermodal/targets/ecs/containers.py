"""Define a task's containers, which start in this order: adapter, gate, app and waiter.

ECS stops a container only after its dependents have stopped (amazon-ecs-agent, dependencygraph/graph.go):

- ECS first sends SIGTERM to the adapter and the waiter. No running container depends on the adapter, because the gate
  has exited.
- ECS stops the app after the waiter exits, when the work is done. The app's waiting call stays open until then, so
  clients do not log a crash, and work in progress can use the whole grace period.
- The adapter exits last, after the app.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output

from intermodal.definition.spec import ProcessSpec
from intermodal.identity.secrets import parse_reference
from intermodal.targets.adapter import ADAPTER_USER, APP_GROUP, APP_USER, GRACE_SECONDS, name_value_pairs

ADAPTER_OWNER, ROOT = f"{ADAPTER_USER}:{ADAPTER_USER}", "0"

ADAPTER, GATE, APP, WAITER = "adapter", "gate", "app", "waiter"
LOG_BUFFER = "25m"

RUN_SECONDS, RUN_JITTER_SECONDS = 4 * 3600, 3600
"""A task exits between two batches after three to four hours, and the service starts the current revision. This
completes deployments even under sustained load."""

END_SECONDS = 30
"""Seconds within which an app must exit after SIGTERM, which ECS sends only after the app's work is done."""

LOST_SECONDS = 5
"""Seconds that the waiter waits for an adapter that has exited, because ECS does not restart it."""

TMP = "tmp"
TMP_MOUNT = {"sourceVolume": TMP, "containerPath": "/tmp"}  # noqa: S108 - the only writable folder on Lambda
"""Task volume. A bind mount is owned by root with mode 0755 unless the image declares it as a VOLUME (ECS developer
guide, bind mounts), so the gate makes it writable before the app starts."""


ADAPTER_OPTIONS = (
    "--app-container",
    APP,
    "--wait-for-stop",
    "--run-seconds",
    str(RUN_SECONDS),
    "--run-jitter-seconds",
    str(RUN_JITTER_SECONDS),
)
"""Adapter options for tasks, in addition to those for all targets."""


@dataclass(frozen=True, kw_only=True)
class ContainersArgs:
    """Arguments for a task's container definitions."""

    lane: str
    image: Input[str]
    process: ProcessSpec
    memory_mib: Input[int]
    variables: Mapping[str, Input[str]]
    secrets: Mapping[str, Input[str]]
    """Secret references by variable."""
    adapter_image: Input[str]
    adapter_command: Sequence[Input[str]]
    log_group_name: Input[str]
    region: Input[str]


def container_definitions(args: ContainersArgs) -> list[dict[str, Any]]:
    """Return the container definitions; the app uses the image's entry point unless the definition overrides it."""
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
        **_process(args.process),
        "essential": True,
        "user": f"{APP_USER}:{APP_GROUP}",
        "readonlyRootFilesystem": True,
        "mountPoints": [TMP_MOUNT],
        "environment": name_value_pairs(args.variables),
        **_secrets(args.secrets),
        "dependsOn": [{"containerName": GATE, "condition": "SUCCESS"}],
        "memory": args.memory_mib,
        "stopTimeout": END_SECONDS,
        # As PID 1, the Python and Node clients would ignore SIGTERM.
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


def _process(process: ProcessSpec) -> dict[str, Any]:
    """Return overrides of the image's process settings."""
    found = {
        "command": process.command and list(process.command),
        "entryPoint": process.entry_point and list(process.entry_point),
        "workingDirectory": process.working_directory,
    }
    return {key: value for key, value in found.items() if value is not None}


def _secrets(secrets: Mapping[str, Input[str]]) -> dict[str, Any]:
    """Return secret references; ECS reads the values with the execution role when a task starts."""
    if not secrets:
        return {}
    return {"secrets": [{"name": name, "valueFrom": _value_from(secrets[name])} for name in sorted(secrets)]}


def _value_from(reference: Input[str]) -> Output[str]:
    def expand(text: str) -> str:
        found = parse_reference(text)
        return found.value_from if found else text  # other values have already been rejected

    return Output.from_input(reference).apply(expand)


def _log_configuration(args: ContainersArgs, container: str) -> dict[str, Any]:
    """Return a log configuration for the function's log group.

    It is non-blocking, so that slow CloudWatch calls do not delay heartbeats.
    """
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

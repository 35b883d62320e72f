"""The containers of a task: adapter, gate, app and waiter, in the order of their starts.

ECS stops a container only after those that depend on it have ended (amazon-ecs-agent, dependencygraph/graph.go):

- Adapter and waiter get SIGTERM first. Nothing that runs by then depends on the adapter: the gate ended long before.
- The app is stopped once the waiter has ended, which is when the work is over. Its parked call stays open until then,
  so no client logs a crash, and work in hand has the whole grace.
- The adapter ends last, as soon as the app has.
"""

from typing import Any

from pulumi import Input, Output

from intermodal.identity.secrets import parsed
from intermodal.targets.contract import LaneContext
from intermodal.targets.off_lambda import (
    APP_GROUP,
    APP_USER,
    GRACE_SECONDS,
    adapter_command,
    app_environment,
    handle_of,
    pairs,
)

NOBODY, ROOT = "65532:65532", "0"

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


def containers(context: LaneContext) -> list[dict[str, Any]]:
    """Return the definitions; the image's own entry point stays as it is."""
    image = handle_of(context.function)["adapter_image"]
    ours = {"image": image, "user": NOBODY, "readonlyRootFilesystem": True, "environment": []}
    adapter = {
        **ours,
        "name": ADAPTER,
        "essential": True,
        "command": adapter_command(context, "ecs", *_adapter_options()),
        "memoryReservation": 64,
        "stopTimeout": GRACE_SECONDS,
        "logConfiguration": _logs(context, ADAPTER),
    }
    gate = {
        **ours,
        "name": GATE,
        "essential": False,
        "command": ["gate", str(TMP_MOUNT["containerPath"])],
        "user": ROOT,
        "mountPoints": [TMP_MOUNT],
        "dependsOn": [{"containerName": ADAPTER, "condition": "START"}],
        "logConfiguration": _logs(context, GATE),
    }
    app = {
        "name": APP,
        "image": context.function.image,
        "essential": True,
        "user": f"{APP_USER}:{APP_GROUP}",
        "readonlyRootFilesystem": True,
        "mountPoints": [TMP_MOUNT],
        "environment": pairs(app_environment(context, "ecs")),
        **_secrets(context),
        "dependsOn": [{"containerName": GATE, "condition": "SUCCESS"}],
        "memory": context.function.memory_mib,
        "stopTimeout": END_SECONDS,
        # As process 1 the Python and Node clients would ignore the SIGTERM that is to end them.
        "linuxParameters": {"initProcessEnabled": True},
        "logConfiguration": _logs(context, APP),
    }
    waiter = {
        **ours,
        "name": WAITER,
        "essential": True,
        "command": ["waiter", str(LOST_SECONDS)],
        "dependsOn": [{"containerName": APP, "condition": "START"}],
        "stopTimeout": GRACE_SECONDS,
        "logConfiguration": _logs(context, WAITER),
    }
    return [adapter, gate, app, waiter]


def _adapter_options() -> list[str]:
    lifetime = ["--run-seconds", str(RUN_SECONDS), "--run-jitter-seconds", str(RUN_JITTER_SECONDS)]
    return ["--app-container", APP, "--wait-for-stop", *lifetime]


def _secrets(context: LaneContext) -> dict[str, Any]:
    """ECS fetches them itself whenever a task starts, by its execution role."""
    secrets = context.function.secrets
    if not secrets:
        return {}
    return {"secrets": [{"name": name, "valueFrom": _in_full(secrets[name])} for name in sorted(secrets)]}


def _in_full(reference: Input[str]) -> Output[str]:
    def full(text: str) -> str:
        found = parsed(text)
        return found.in_full if found else text  # what is no reference has been refused

    return Output.from_input(reference).apply(full)


def _logs(context: LaneContext, container: str) -> dict[str, Any]:
    """The function's own group; without blocking, so that a slow CloudWatch never holds a heartbeat up."""
    region: Input[str] = handle_of(context.function)["region"]
    return {
        "logDriver": "awslogs",
        "options": {
            "awslogs-group": context.log_group.name,
            "awslogs-region": region,
            "awslogs-stream-prefix": f"ecs/{context.lane.name}-{container}",
            "mode": "non-blocking",
            "max-buffer-size": LOG_BUFFER,
        },
    }

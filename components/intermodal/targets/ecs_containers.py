"""The containers of a task.

Nothing depends on the adapter but the gate, which has ended long before a stop: ECS stops a container only after those
that depend on it, so an app that depended on the adapter would keep it from hearing of the stop.
"""

from typing import Any

from pulumi import Input, Output

from intermodal.identity.secrets import parsed
from intermodal.targets.contract import LaneContext
from intermodal.targets.off_lambda import GRACE_SECONDS, adapter_command, app_environment, handle_of, pairs

NOBODY = "65532:65532"
ADAPTER, GATE, APP = "adapter", "gate", "app"
LOG_BUFFER = "25m"


def containers(context: LaneContext) -> list[dict[str, Any]]:
    """Adapter, gate and app; the image's own entry point and user stay as they are."""
    image = handle_of(context.function)["adapter_image"]
    ours = {"image": image, "user": NOBODY, "readonlyRootFilesystem": True, "environment": []}
    adapter = {
        **ours,
        "name": ADAPTER,
        "essential": True,
        "command": adapter_command(context, "ecs", "--app-container", APP),
        "memoryReservation": 64,
        "stopTimeout": GRACE_SECONDS,
        "logConfiguration": _logs(context, ADAPTER),
    }
    gate = {
        **ours,
        "name": GATE,
        "essential": False,
        "command": ["gate"],
        "dependsOn": [{"containerName": ADAPTER, "condition": "START"}],
        "logConfiguration": _logs(context, GATE),
    }
    app = {
        "name": APP,
        "image": context.function.image,
        "essential": True,
        "environment": pairs(app_environment(context, "ecs")),
        **_secrets(context),
        "dependsOn": [{"containerName": GATE, "condition": "SUCCESS"}],
        "memory": context.function.memory_mib,
        "stopTimeout": GRACE_SECONDS,
        # As process 1 the Python and Node clients ignore SIGTERM and finish what they have in hand.
        "linuxParameters": {"initProcessEnabled": False},
        "logConfiguration": _logs(context, APP),
    }
    return [adapter, gate, app]


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

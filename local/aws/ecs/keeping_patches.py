"""What ministack's ECS forgets of a service and of any time, whether or not tasks run; see `local.aws.patches`."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from local.aws.ecs.records import ECS

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (ECS, "_create_service"): ("data",),
    (ECS, "_update_service"): ("data",),
    (ECS, "_ts_to_epoch"): ("value",),
}
KEPT = ("availabilityZoneRebalancing", "propagateTags", "enableECSManagedTags")
"""Inputs that ministack forgets, at create or at update."""


def apply() -> None:
    """Patch ministack in this process."""
    ecs: Any = import_module(ECS)
    for action, handler in (("CreateService", ecs._create_service), ("UpdateService", ecs._update_service)):
        ecs._ACTION_MAP[action] = _keeping(ecs, handler)
    ecs._ts_to_epoch = _in_milliseconds


def _in_milliseconds(value: object) -> object:
    """Times of ECS are exact to a millisecond (AWS CLI reference, describe-tasks, Examples), not to a second."""
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value


def _keeping(ecs: Any, handle: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """A handler that remembers more of a service than ministack does."""

    def keep(data: dict[str, Any]) -> Any:
        answer = handle(data)
        if answer[0] != 200:
            return answer
        shown = json.loads(answer[2])["service"]
        cluster = ecs._cluster_name_from_arn(shown["clusterArn"])
        service = ecs._services[f"{cluster}/{shown['serviceName']}"]
        service |= {name: data[name] for name in KEPT if name in data}
        service.setdefault("availabilityZoneRebalancing", "ENABLED")
        return ecs.json_response({"service": ecs._sanitize(service)})

    return keep

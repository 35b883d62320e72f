"""Store a service's zone rebalancing, tag propagation, and managed tags settings; enable rebalancing by default.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html

ministack drops these settings on create or update.
"""

import json
from collections.abc import Callable
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecs"

KEPT = ("availabilityZoneRebalancing", "propagateTags", "enableECSManagedTags")
"""Inputs that ministack drops on create or update."""

EXPECTED: Expected = {
    (MODULE, "_create_service"): ("data",),
    (MODULE, "_update_service"): ("data",),
}


def apply(ecs: Any) -> None:
    """Patch ministack's ecs module."""
    for action, handler in (("CreateService", ecs._create_service), ("UpdateService", ecs._update_service)):
        ecs._ACTION_MAP[action] = _wrap(ecs, handler)


def _wrap(ecs: Any, handle: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Return a handler that also stores the inputs in `KEPT`."""

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

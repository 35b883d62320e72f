"""Keep a deleted service DRAINING until its last task has stopped.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html

ministack sets it to INACTIVE immediately.
"""

import json
from typing import Any

from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_delete_service"): ("data",),
}


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch ministack's ecs module."""
    delete = ecs._delete_service

    def delete_service(data: dict[str, Any]) -> Any:
        answer = delete(data)
        if answer[0] == 200:
            shown = json.loads(answer[2])["service"]
            cluster = ecs._cluster_name_from_arn(shown["clusterArn"])
            service = ecs._services[f"{cluster}/{shown['serviceName']}"]
            service["status"] = "DRAINING"
            answer = ecs.json_response({"service": ecs._sanitize(service)})
            tasks.poke()
        return answer

    ecs._delete_service = delete_service
    ecs._ACTION_MAP["DeleteService"] = delete_service

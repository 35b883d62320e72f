"""Register a function with a lane on ECS."""

import json
from typing import Any

from intermodal import ContainerFunction
from tests.conftest import ACCOUNT, REGION, Cloud, Run

LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:scan-logs"


CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/work"


HANDLE: dict[str, Any] = {
    "version": 1,
    "region": REGION,
    "account_id": ACCOUNT,
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-1", "subnet-2"],
    "dualstack": True,
    "reachable_services": ["*"],
    "adapter_image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/adapter@sha256:1",
    "ecs_cluster_arn": CLUSTER,
    "ecs_capacity_provider": "FARGATE",
}


BASE: dict[str, Any] = {
    "image": {"uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/scan@sha256:" + "0" * 64},
    "target": "ecs",
    "vpc": True,
    "platform": HANDLE,
    "environment": {"LEVEL": "info"},
}


def function(cloud: Run, **args: Any) -> Cloud:
    """Register a function on ECS."""
    definition: Any = {**BASE, **args}
    return cloud(lambda: ContainerFunction("scan", definition))


def containers(made: Cloud) -> dict[str, dict[str, Any]]:
    """Return the container definitions by name."""
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    return {one["name"]: one for one in json.loads(task["containerDefinitions"])}

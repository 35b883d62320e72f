"""Declare a cluster with a service, its task definition and its scaling, and their arguments in every variant."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws

Arguments = dict[str, dict[str, Any]]


def containers(image: str) -> str:
    """Return one container definition as JSON."""
    return json.dumps([{"name": "app", "image": image, "essential": True, "memory": 64}])


def steps(change: int) -> dict[str, Any]:
    """Return step scaling with this adjustment."""
    adjustments = [{"scaling_adjustment": change, "metric_interval_lower_bound": "0"}]
    return {"adjustment_type": "ExactCapacity", "cooldown": 60, "step_adjustments": adjustments}


BASE: Arguments = {
    "Cluster": {"settings": [{"name": "containerInsights", "value": "disabled"}], "tags": {"team": "a"}},
    "ClusterCapacityProviders": {
        "capacity_providers": ["FARGATE", "FARGATE_SPOT"],
        "default_capacity_provider_strategies": [{"capacity_provider": "FARGATE", "weight": 1}],
    },
    "TaskDefinition": {
        "family": "walk", "container_definitions": containers("app:1"), "cpu": "256", "memory": "512",
        "network_mode": "awsvpc", "requires_compatibilities": ["FARGATE"], "tags": {"team": "a"},
        "volumes": [{"name": "scratch"}],
    },
    "Service": {
        "desired_count": 0, "launch_type": "FARGATE", "tags": {"team": "a"},
        "network_configuration": {"subnets": ["subnet-1"], "security_groups": ["sg-1"]},
        "deployment_circuit_breaker": {"enable": True, "rollback": True}, "deployment_maximum_percent": 150,
    },
    "ScalingTarget": {"min_capacity": 0, "max_capacity": 4, "tags": {"team": "a"}},
    "ScalingPolicy": {"policy_type": "StepScaling", "step_scaling_policy_configuration": steps(1)},
}  # fmt: skip

UPDATE: Arguments = {
    "Cluster": {"settings": [{"name": "containerInsights", "value": "enabled"}]},
    "ClusterCapacityProviders": {"capacity_providers": ["FARGATE"]},
    "TaskDefinition": {"tags": {"crew": "b"}},
    "Service": {
        "network_configuration": {"subnets": ["subnet-1", "subnet-2"], "assign_public_ip": True},
        "deployment_circuit_breaker": {"enable": False, "rollback": False}, "deployment_maximum_percent": 200,
    },
    "ScalingTarget": {"max_capacity": 8},
    "ScalingPolicy": {"step_scaling_policy_configuration": steps(2)},
}  # fmt: skip

REPLACE: Arguments = {
    "Cluster": {"name": "walk-other"},
    "TaskDefinition": {"container_definitions": containers("app:2")},
    "Service": {"launch_type": "EC2"},
    "ScalingPolicy": {"name": "walk-other"},
}
ADOPT: Arguments = {
    "Cluster": {"name": "adopt-cluster"},
    "TaskDefinition": {"family": "adopt"},
    "Service": {"name": "adopt-service"},
    "ScalingPolicy": {"name": "adopt-scaling"},
}


def deploy(given: Arguments) -> None:
    """Deploy the cluster, service and scaling."""
    cluster = aws.ecs.Cluster("main", **given["Cluster"])
    aws.ecs.ClusterCapacityProviders("main", cluster_name=cluster.name, **given["ClusterCapacityProviders"])
    definition = aws.ecs.TaskDefinition("main", **given["TaskDefinition"])
    service = aws.ecs.Service("main", cluster=cluster.arn, task_definition=definition.arn, **given["Service"])
    about: dict[str, Any] = {"scalable_dimension": "ecs:service:DesiredCount", "service_namespace": "ecs"}
    resource = pulumi.Output.concat("service/", cluster.name, "/", service.name)
    target = aws.appautoscaling.Target("main", resource_id=resource, **about, **given["ScalingTarget"])
    aws.appautoscaling.Policy("main", resource_id=target.resource_id, **about, **given["ScalingPolicy"])

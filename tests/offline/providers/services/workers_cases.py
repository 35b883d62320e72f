"""Define cases with every input for the ECS and scaling types."""

from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.program import workers
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients

CLUSTER, PROVIDERS = "aws:ecs/cluster:Cluster", "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
DEFINITION, SERVICE = "aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/service:Service"
TARGET, POLICY = "aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"

ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/readback-role"
ECS = f"arn:aws:ecs:{REGION}:{ACCOUNT}"
ABOUT = {
    "resourceId": "service/readback-cluster/readback-service", "scalableDimension": "ecs:service:DesiredCount",
    "serviceNamespace": "ecs",
}  # fmt: skip
QUEUE_DEPTH = {
    "metricName": "ApproximateNumberOfMessagesVisible", "namespace": "AWS/SQS", "dimensions": [
        {"name": "QueueName", "value": "q"},
    ],
}  # fmt: skip
CASES: list[tuple[str, Props]] = [
    (CLUSTER, {"name": "readback", "settings": [{"name": "containerInsights", "value": "enabled"}]}),
    (
        PROVIDERS,
        {
            "clusterName": "readback-cluster", "capacityProviders": ["FARGATE_SPOT", "FARGATE"],
            "defaultCapacityProviderStrategies": [{"capacityProvider": "FARGATE", "base": 1, "weight": 2}],
        },
    ),
    (
        DEFINITION,
        {
            "family": "readback", "containerDefinitions": workers.containers("app:1"), "cpu": "1024", "memory": "2048",
            "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "executionRoleArn": ROLE_ARN,
            "taskRoleArn": ROLE_ARN, "ephemeralStorage": {"sizeInGib": 30}, "skipDestroy": False, "trackLatest": False,
            "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            "volumes": [{"name": "scratch"}, {"name": "there", "hostPath": "/srv"}],
        },
    ),
    (
        SERVICE,
        {
            "name": "readback", "cluster": "readback-cluster", "taskDefinition": "readback-task:1", "desiredCount": 0,
            "launchType": "FARGATE", "enableExecuteCommand": True, "enableEcsManagedTags": True,
            "networkConfiguration": {"subnets": ["s-2", "s-1"], "securityGroups": ["sg"], "assignPublicIp": True},
            "deploymentMaximumPercent": 150, "deploymentMinimumHealthyPercent": 50, "platformVersion": "1.4.0",
            "deploymentCircuitBreaker": {"enable": True, "rollback": True}, "propagateTags": "SERVICE",
            "availabilityZoneRebalancing": "DISABLED", "schedulingStrategy": "REPLICA", "forceDelete": True,
            "forceNewDeployment": False, "waitForSteadyState": True,
        },
    ),
    (
        SERVICE,
        {
            "name": "readback", "cluster": f"{ECS}:cluster/readback-cluster",
            "taskDefinition": f"{ECS}:task-definition/readback-task:1",
            "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "base": 1, "weight": 1}],
        },
    ),
    (
        TARGET,
        {
            **ABOUT, "resourceId": "service/readback-cluster/other", "minCapacity": 0, "maxCapacity": 9,
            "roleArn": ROLE_ARN, "suspendedState": {"dynamicScalingInSuspended": True},
        },
    ),
    (
        POLICY,
        {
            **ABOUT, "name": "readback", "policyType": "StepScaling",
            "stepScalingPolicyConfiguration": {
                "adjustmentType": "PercentChangeInCapacity", "cooldown": 60, "metricAggregationType": "Maximum",
                "minAdjustmentMagnitude": 1, "stepAdjustments": [
                    {"scalingAdjustment": 10, "metricIntervalLowerBound": "0", "metricIntervalUpperBound": "9.5"},
                    {"scalingAdjustment": 30, "metricIntervalLowerBound": "9.5"},
                ],
            },
        },
    ),
    (
        POLICY,
        {
            **ABOUT, "name": "readback", "policyType": "TargetTrackingScaling",
            "targetTrackingScalingPolicyConfiguration": {
                "targetValue": 5, "disableScaleIn": True, "scaleInCooldown": 60, "scaleOutCooldown": 30,
                "customizedMetricSpecification": {
                    "metrics": [
                        {"id": "e", "expression": "m / 2", "label": "half", "returnData": True},
                        {"id": "m", "metricStat": {"stat": "Sum", "metric": QUEUE_DEPTH}, "returnData": False},
                    ],
                },
            },
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    ecs, scaling = client("ecs"), client("application-autoscaling")
    ecs.create_cluster(clusterName="readback-cluster")
    definitions = [{"name": "app", "image": "app:1", "memory": 64}]
    ecs.register_task_definition(family="readback-task", containerDefinitions=definitions)
    about = {name[0].upper() + name[1:]: value for name, value in ABOUT.items()}
    scaling.register_scalable_target(**about, MinCapacity=0, MaxCapacity=1)
    yield {}
    scaling.deregister_scalable_target(**about)
    ecs.deregister_task_definition(taskDefinition="readback-task:1")
    ecs.delete_cluster(cluster="readback-cluster")

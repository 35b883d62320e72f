"""Define cases for the ECS and scaling types: lifecycle drift and checks, and objects to adopt."""

import contextlib
from typing import Any

from botocore.exceptions import ClientError

from tests.offline.providers.services.workers_cases import (
    CASES,
    CLUSTER,
    DEFINITION,
    POLICY,
    PROVIDERS,
    SERVICE,
    TARGET,
    dependencies,
)
from tests.offline.providers.subjects import Clients, Ids, Subject

__all__ = ["CASES", "SUBJECTS", "create_all", "delete_all", "dependencies", "list_existing"]


def get_cluster(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the cluster."""
    found: dict[str, Any] = client("ecs").describe_clusters(clusters=[ids[CLUSTER]], include=["SETTINGS"])["clusters"][
        0
    ]
    return found


def get_service(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the service properties that the lifecycle changes."""
    cluster, name = ids[SERVICE].split("/")[-2:]
    found = client("ecs").describe_services(cluster=cluster, services=[name])["services"][0]
    return {"deployment": found["deploymentConfiguration"], "network": found["networkConfiguration"]}


def disturb_service(client: Clients, ids: Ids) -> None:
    """Lower the desired count."""
    cluster, name = ids[SERVICE].split("/")[-2:]
    client("ecs").update_service(
        cluster=cluster,
        service=name,
        deploymentConfiguration={"maximumPercent": 110, "minimumHealthyPercent": 100},
    )


def definition_tags(client: Clients, ids: Ids) -> list[dict[str, str]]:
    """Return the newest task definition's tags."""
    found = client("ecs").describe_task_definition(taskDefinition=ids[DEFINITION], include=["TAGS"])
    return sorted(found["tags"], key=lambda tag: str(tag["key"]))


def disturb_definition(client: Clients, ids: Ids) -> None:
    """Add a tag to the task definition."""
    found = client("ecs").describe_task_definition(taskDefinition=ids[DEFINITION])["taskDefinition"]
    client("ecs").tag_resource(resourceArn=found["taskDefinitionArn"], tags=[{"key": "stray", "value": "x"}])


def get_target(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the scalable target."""
    found: dict[str, Any] = client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="ecs", ResourceIds=[ids[TARGET]]
    )["ScalableTargets"][0]
    return {name: found[name] for name in ("MinCapacity", "MaxCapacity")}


def disturb_target(client: Clients, ids: Ids) -> None:
    """Raise the maximum capacity."""
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs", ResourceId=ids[TARGET], ScalableDimension="ecs:service:DesiredCount", MaxCapacity=99
    )


def get_scaling_policy(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the policy's step scaling configuration."""
    found = client("application-autoscaling").describe_scaling_policies(ServiceNamespace="ecs", ResourceId=ids[TARGET])
    steps: dict[str, Any] = found["ScalingPolicies"][0]["StepScalingPolicyConfiguration"]
    return steps


def disturb_policy(client: Clients, ids: Ids) -> None:
    """Change the cooldown."""
    client("application-autoscaling").put_scaling_policy(
        PolicyName=ids[POLICY],
        ServiceNamespace="ecs",
        ResourceId=ids[TARGET],
        ScalableDimension="ecs:service:DesiredCount",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=get_scaling_policy(client, ids) | {"Cooldown": 7},
    )


SUBJECTS: dict[str, Subject] = {
    CLUSTER: Subject(
        updated=frozenset({"settings[0].value"}),
        replaced="name",
        drifted="settings",
        cause_drift=lambda client, ids: client("ecs").update_cluster_settings(
            cluster=ids[CLUSTER], settings=[{"name": "containerInsights", "value": "enhanced"}]
        ),
        read_live=lambda client, ids: get_cluster(client, ids)["settings"],
    ),
    PROVIDERS: Subject(
        updated=frozenset({"capacityProviders"}),
        replaced="clusterName",
        drifted="capacityProviders",
        cause_drift=lambda client, ids: client("ecs").put_cluster_capacity_providers(
            cluster=ids[CLUSTER],
            capacityProviders=["FARGATE_SPOT"],
            defaultCapacityProviderStrategy=get_cluster(client, ids)["defaultCapacityProviderStrategy"],
        ),
        read_live=lambda client, ids: get_cluster(client, ids)["capacityProviders"],
        cascades=True,
    ),
    DEFINITION: Subject(
        updated=frozenset({"tags", "tagsAll"}),
        replaced="containerDefinitions",
        drifted="tags",
        cause_drift=disturb_definition,
        read_live=definition_tags,
    ),
    SERVICE: Subject(
        updated=frozenset(
            {
                "deploymentCircuitBreaker.enable",
                "deploymentCircuitBreaker.rollback",
                "deploymentMaximumPercent",
                "networkConfiguration.assignPublicIp",
                "networkConfiguration.securityGroups",
                "networkConfiguration.subnets",
            }
        ),
        replaced="launchType",
        drifted="deploymentMaximumPercent",
        cause_drift=disturb_service,
        read_live=get_service,
        cascades=True,
    ),
    TARGET: Subject(
        updated=frozenset({"maxCapacity"}),
        replaced="resourceId",
        drifted="maxCapacity",
        cause_drift=disturb_target,
        read_live=get_target,
        cascades=True,
    ),
    POLICY: Subject(
        updated=frozenset({"stepScalingPolicyConfiguration.stepAdjustments[0].scalingAdjustment"}),
        replaced="name",
        drifted="stepScalingPolicyConfiguration.cooldown",
        cause_drift=disturb_policy,
        read_live=get_scaling_policy,
        cascades=True,
    ),
}
ADOPTED = "service/adopt-cluster/adopt-service"
DIMENSION = "ecs:service:DesiredCount"


def create_all(client: Clients) -> dict[str, str]:
    """Create the objects for the variant `adopt`; return their import IDs."""
    ecs, scaling = client("ecs"), client("application-autoscaling")
    tags = [{"key": "team", "value": "a"}, {"key": "owner", "value": "walk"}]
    ecs.create_cluster(
        clusterName="adopt-cluster", settings=[{"name": "containerInsights", "value": "disabled"}], tags=tags
    )
    ecs.put_cluster_capacity_providers(
        cluster="adopt-cluster",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
    )
    definition = ecs.register_task_definition(
        family="adopt",
        containerDefinitions=[{"name": "app", "image": "app:1", "memory": 64}],
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        volumes=[{"name": "scratch"}],
        tags=tags,
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.create_service(
        cluster="adopt-cluster",
        serviceName="adopt-service",
        taskDefinition=definition,
        desiredCount=0,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]}},
        deploymentConfiguration={
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "maximumPercent": 150,
            "minimumHealthyPercent": 100,
        },
        tags=tags,
    )
    about = {"ServiceNamespace": "ecs", "ResourceId": ADOPTED, "ScalableDimension": DIMENSION}
    scaling.register_scalable_target(**about, MinCapacity=0, MaxCapacity=4, Tags={"team": "a", "owner": "walk"})
    scaling.put_scaling_policy(
        **about,
        PolicyName="adopt-scaling",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ExactCapacity",
            "Cooldown": 60,
            "StepAdjustments": [{"ScalingAdjustment": 1, "MetricIntervalLowerBound": 0.0}],
        },
    )
    return {
        CLUSTER: "adopt-cluster", PROVIDERS: "adopt-cluster", DEFINITION: definition,
        SERVICE: "adopt-cluster/adopt-service", TARGET: f"ecs/{ADOPTED}/{DIMENSION}",
        POLICY: f"ecs/{ADOPTED}/{DIMENSION}/adopt-scaling",
    }  # fmt: skip


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete these objects."""
    about = {"ServiceNamespace": "ecs", "ResourceId": ADOPTED, "ScalableDimension": DIMENSION}
    client("application-autoscaling").delete_scaling_policy(**about, PolicyName="adopt-scaling")
    client("application-autoscaling").deregister_scalable_target(**about)
    client("ecs").delete_service(cluster="adopt-cluster", service="adopt-service", force=True)
    client("ecs").deregister_task_definition(taskDefinition=ids[DEFINITION])
    client("ecs").delete_cluster(cluster="adopt-cluster")


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return all of these objects that exist."""
    ecs, scaling = client("ecs"), client("application-autoscaling")
    clusters = ecs.list_clusters()["clusterArns"]
    services = []
    for cluster in clusters:
        with contextlib.suppress(ClientError):
            services += ecs.list_services(cluster=cluster)["serviceArns"]
    return {
        "clusters": clusters,
        "services": services,
        # Task definitions from the read-back cases remain: they can be deregistered, but not deleted at once.
        "task definitions": [
            arn for arn in ecs.list_task_definitions()["taskDefinitionArns"] if "/readback-" not in arn
        ],
        "scaling": [
            one["ResourceId"] for one in scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
        ],
        "scaling policies": [
            one["PolicyName"] for one in scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
        ],
    }

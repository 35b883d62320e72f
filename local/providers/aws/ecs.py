"""aws:ecs: clusters, their capacity and task definitions; services have a module of their own."""

import json
from typing import Any

from local.providers import wire
from local.providers.compare import unordered
from local.providers.table import Call, Field, Row, Tagging, fields
from local.providers.values import Props

STRATEGY = fields(capacityProvider="capacityProvider", weight="weight", base="base")


def plain_tags(call: Call) -> dict[str, str]:
    found = call.client.list_tags_for_resource(resourceArn=call.live["arn"]).get("tags", [])
    return {one["key"]: one["value"] for one in found}


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(resourceArn=arn, tagKeys=removed)
    if tags:
        call.client.tag_resource(resourceArn=arn, tags=[{"key": name, "value": tags[name]} for name in sorted(tags)])


TAGGING = Tagging(read=plain_tags, write=write_tags)


CLUSTER = fields(
    name="clusterName",
    settings=Field(wire="settings", many=True, block=fields(name="name", value="value"), computed=True),
)


def create_cluster(call: Call) -> str:
    return str(call.client.create_cluster(**wire.sent(CLUSTER, call.props))["cluster"]["clusterArn"])


def read_cluster(call: Call) -> Props | None:
    found = call.client.describe_clusters(clusters=[call.id], include=["SETTINGS"])["clusters"]
    if not found or found[0]["status"] == "INACTIVE":
        return None
    return {**wire.received(CLUSTER, found[0]), "arn": found[0]["clusterArn"]}


def update_cluster(call: Call, _changed: frozenset[str]) -> None:
    call.client.update_cluster_settings(cluster=call.id, settings=wire.sent(CLUSTER, call.props)["settings"])


CAPACITY = fields(
    clusterName="cluster",
    capacityProviders=Field(wire="capacityProviders", normal=unordered),
    defaultCapacityProviderStrategies=Field(wire="defaultCapacityProviderStrategy", many=True, block=STRATEGY),
)


def put_capacity(call: Call, *_: Any) -> str:
    given = {"capacityProviders": [], "defaultCapacityProviderStrategy": [], **wire.sent(CAPACITY, call.props)}
    call.client.put_cluster_capacity_providers(**given)
    return str(call.props["clusterName"])


def read_capacity(call: Call) -> Props | None:
    found = call.client.describe_clusters(clusters=[call.id])["clusters"]
    if not found or found[0]["status"] == "INACTIVE":
        return None
    live = wire.received(CAPACITY, found[0])
    return {**{name: value for name, value in live.items() if value}, "clusterName": found[0]["clusterName"]}


def delete_capacity(call: Call) -> None:
    call.client.put_cluster_capacity_providers(
        cluster=call.id, capacityProviders=[], defaultCapacityProviderStrategy=[]
    )


def same_containers(text: Any) -> Any:
    """Container definitions of the same meaning: defaults that the API fills in are left out, and order of variables.

    (Terraform's containerDefinitionsAreEquivalent does the like.)
    """
    if not isinstance(text, str):
        return text
    try:
        containers = json.loads(text)
    except ValueError:
        return text
    return [_plain(container) for container in containers]


def _plain(container: dict[str, Any]) -> dict[str, Any]:
    given = {"essential": True, **container}
    given["environment"] = sorted(given.get("environment", []), key=lambda one: str(one["name"]))
    return {name: value for name, value in given.items() if value not in (None, [], {}, 0, "")}


TASK = fields(
    family="family",
    containerDefinitions=Field(normal=same_containers),
    cpu="cpu",
    memory="memory",
    networkMode=Field(wire="networkMode", computed=True),
    requiresCompatibilities=Field(wire="requiresCompatibilities", normal=unordered),
    runtimePlatform=Field(
        wire="runtimePlatform",
        block=fields(cpuArchitecture="cpuArchitecture", operatingSystemFamily="operatingSystemFamily"),
    ),
    executionRoleArn="executionRoleArn",
    taskRoleArn="taskRoleArn",
    skipDestroy=Field(local=True),
    trackLatest=Field(local=True),
)


def create_task(call: Call) -> str:
    containers = json.loads(call.props["containerDefinitions"])
    made = call.client.register_task_definition(**wire.sent(TASK, call.props), containerDefinitions=containers)
    call.props["arn"] = made["taskDefinition"]["taskDefinitionArn"]
    return str(made["taskDefinition"]["family"])


def read_task(call: Call) -> Props | None:
    asked = call.props.get("arn") or call.id
    found = call.client.describe_task_definition(taskDefinition=asked)["taskDefinition"]
    if found["status"] == "INACTIVE":
        return None
    arn = found["taskDefinitionArn"]
    return {
        **wire.received(TASK, found),
        "containerDefinitions": json.dumps(found["containerDefinitions"]),
        "arn": arn,
        "arnWithoutRevision": arn.rpartition(":")[0],
        "revision": found["revision"],
    }


def delete_task(call: Call) -> None:
    if not call.props.get("skipDestroy"):
        call.client.deregister_task_definition(taskDefinition=call.props["arn"])


ROWS = {
    "aws:ecs/cluster:Cluster": Row(
        service="ecs",
        inputs=CLUSTER,
        create=create_cluster,
        read=read_cluster,
        update=update_cluster,
        delete=lambda call: call.client.delete_cluster(cluster=call.id),
        tagging=TAGGING,
        gone=frozenset({"ClusterNotFoundException"}),
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Row(
        service="ecs",
        inputs=CAPACITY,
        create=put_capacity,
        read=read_capacity,
        update=put_capacity,
        delete=delete_capacity,
        gone=frozenset({"ClusterNotFoundException"}),
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Row(
        service="ecs",
        inputs=TASK,
        create=create_task,
        read=read_task,
        delete=delete_task,
        tagging=TAGGING,
        gone=frozenset({"ClientException"}),
    ),
}

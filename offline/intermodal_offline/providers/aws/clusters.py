"""Implement aws:ecs clusters, cluster capacity providers, and task definitions."""

import json
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.compare import document, unordered
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"ClusterNotFoundException"})


def read_tags(call: Call) -> dict[str, str]:
    """Return an ECS resource's tags."""
    listed = call.client.list_tags_for_resource(resourceArn=call.live["arn"])["tags"]
    return {tag["key"]: tag["value"] for tag in listed}


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    """Update an ECS resource's tags."""
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(resourceArn=arn, tagKeys=removed)
    if tags:
        call.client.tag_resource(resourceArn=arn, tags=[{"key": key, "value": tags[key]} for key in sorted(tags)])


TAGGING = Tagging(read=read_tags, write=write_tags)
CLUSTER = fields(
    name="clusterName",
    settings=Field(wire="settings", many=True, block=fields(name="name", value="value"), computed=True),
)


def create_cluster(call: Call) -> str:
    return str(call.client.create_cluster(**wire.to_api(CLUSTER, call.props))["cluster"]["clusterArn"])


def found_cluster(call: Call) -> dict[str, Any] | None:
    """Return the cluster with this name or ARN, or None if it does not exist or is inactive."""
    found = call.client.describe_clusters(clusters=[call.id], include=["SETTINGS"])["clusters"]
    return found[0] if found and found[0]["status"] != "INACTIVE" else None


def read_cluster(call: Call) -> Props | None:
    found = found_cluster(call)
    if found is None:
        return None
    call.id = found["clusterArn"]  # an import passes the name
    return {**wire.from_api(CLUSTER, found), "arn": found["clusterArn"]}


def update_cluster(call: Call, changed: frozenset[str]) -> None:
    if "settings" in changed and call.props.get("settings"):
        call.client.update_cluster_settings(
            cluster=call.id, settings=wire.to_api(CLUSTER, {"settings": call.props["settings"]})["settings"]
        )


STRATEGY = fields(capacityProvider="capacityProvider", base="base", weight="weight")
PROVIDERS = fields(
    clusterName=Field(),
    capacityProviders=Field(wire="capacityProviders", normal=unordered),
    defaultCapacityProviderStrategies=Field(wire="defaultCapacityProviderStrategy", many=True, block=STRATEGY),
)
NO_PROVIDERS: Props = {"capacityProviders": [], "defaultCapacityProviderStrategy": []}


def put_providers(call: Call, *_: Any) -> str:
    parameters = NO_PROVIDERS | wire.to_api(PROVIDERS, call.props)
    call.client.put_cluster_capacity_providers(cluster=call.props["clusterName"], **parameters)
    return str(call.props["clusterName"])


def read_providers(call: Call) -> Props | None:
    found = found_cluster(call)
    if found is None or not (found.get("capacityProviders") or found.get("defaultCapacityProviderStrategy")):
        return None
    return {**wire.from_api(PROVIDERS, found), "clusterName": call.id}


def definitions(value: Any) -> Any:
    """Return container definitions in canonical form, with sorted containers, variables, and secrets."""
    loaded = document(value)
    if not isinstance(loaded, list):
        return loaded
    return sorted((_definition(one) for one in loaded), key=lambda one: str(one.get("name")))


def _definition(one: dict[str, Any]) -> dict[str, Any]:
    full = {"essential": True, "cpu": 0} | one
    for name in ("environment", "secrets"):
        full[name] = sorted(full.get(name) or [], key=lambda entry: str(entry.get("name")))
    if full.get("healthCheck"):
        full["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3} | full["healthCheck"]
    if full.get("portMappings"):
        full["portMappings"] = [
            {"protocol": "tcp", "hostPort": port.get("containerPort")} | port for port in full["portMappings"]
        ]
    return {name: value for name, value in full.items() if value is not None and value not in ([], {}, "")}


DEFINITION = fields(
    family="family",
    containerDefinitions=Field(normal=definitions),
    cpu="cpu",
    memory="memory",
    networkMode="networkMode",
    requiresCompatibilities=Field(wire="requiresCompatibilities", normal=unordered),
    executionRoleArn="executionRoleArn",
    taskRoleArn="taskRoleArn",
    runtimePlatform=Field(
        wire="runtimePlatform",
        block=fields(cpuArchitecture="cpuArchitecture", operatingSystemFamily="operatingSystemFamily"),
    ),
    ephemeralStorage=Field(wire="ephemeralStorage", block=fields(sizeInGib="sizeInGiB")),
    volumes=Field(many=True, block=fields(name=Field(), hostPath=Field())),
    skipDestroy=Field(local=True),
    trackLatest=Field(local=True),
)


def register(call: Call) -> str:
    volumes = [
        {"name": volume["name"], **({"host": {"sourcePath": volume["hostPath"]}} if volume.get("hostPath") else {})}
        for volume in call.props.get("volumes", [])
    ]
    made = call.client.register_task_definition(
        **wire.to_api(DEFINITION, call.props),
        containerDefinitions=json.loads(call.props["containerDefinitions"]),
        volumes=volumes,
    )["taskDefinition"]
    call.props = {**call.props, "arn": made["taskDefinitionArn"]}
    return str(made["family"])


def read_definition(call: Call) -> Props | None:
    latest = call.props.get("trackLatest") or not call.props.get("arn")
    found = call.client.describe_task_definition(taskDefinition=call.id if latest else call.props["arn"])
    found = found["taskDefinition"]
    if found["status"] != "ACTIVE":
        return None
    call.id, arn = found["family"], found["taskDefinitionArn"]
    volumes = [
        {"name": one["name"], "hostPath": (one.get("host") or {}).get("sourcePath")} for one in found.get("volumes", [])
    ]
    return {
        **wire.from_api(DEFINITION, found), "containerDefinitions": json.dumps(found["containerDefinitions"]),
        "volumes": volumes, "arn": arn, "arnWithoutRevision": arn.rpartition(":")[0], "revision": found["revision"],
    }  # fmt: skip


def deregister(call: Call) -> None:
    if not call.props.get("skipDestroy"):
        call.client.deregister_task_definition(taskDefinition=call.props["arn"])


def rules(inputs: Props) -> list[tuple[str, str]]:
    text = inputs.get("containerDefinitions")
    if isinstance(text, str) and text.startswith("[") and not isinstance(document(text), list):
        return [("containerDefinitions", "containerDefinitions must be a JSON array of definitions; correct the JSON.")]
    return []


ROWS = {
    "aws:ecs/cluster:Cluster": Row(
        service="ecs",
        inputs=CLUSTER,
        create=create_cluster,
        read=read_cluster,
        update=update_cluster,
        delete=lambda call: call.client.delete_cluster(cluster=call.id),
        tagging=TAGGING,
        gone=GONE,
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Row(
        service="ecs",
        inputs=PROVIDERS,
        create=put_providers,
        read=read_providers,
        update=put_providers,
        delete=lambda call: call.client.put_cluster_capacity_providers(cluster=call.id, **NO_PROVIDERS),
        gone=GONE,
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Row(
        service="ecs",
        inputs=DEFINITION,
        create=register,
        read=read_definition,
        delete=deregister,
        identify=lambda identity: {"arn": identity},
        tagging=TAGGING,
        gone_said="Unable to describe task definition",  # the error code, ClientException, also has other causes
        rules=rules,
    ),
}

"""Implement aws:ecs/service."""

import uuid
from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.aws.clusters import STRATEGY, TAGGING
from intermodal_offline.providers.compare import unordered
from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.table import Call, Field, Row, fields
from intermodal_offline.providers.values import Props

SECONDS = 20 * 60.0
"""The official provider's default timeout for create and update; the library sets a longer one for delete."""

DRAIN_SECONDS = 13 * 3600.0
"""Timeout for delete, which waits for protected tasks. They can hold a message for up to 12 hours, the SQS maximum."""


def tail(reference: Any) -> Any:
    """Return the name at the end of an ARN, or a name unchanged."""
    return reference.rpartition("/")[2] if isinstance(reference, str) else reference


def as_given(call: Call, name: str, arn: str) -> str:
    """Return a name or an ARN, depending on which one the input is, as the official provider does."""
    given = call.props.get(name)
    return tail(arn) if isinstance(given, str) and not given.startswith("arn:") else arn


SERVICE = fields(
    name="serviceName",
    cluster=Field(wire="cluster", computed=True),
    taskDefinition="taskDefinition",
    desiredCount="desiredCount",
    launchType=Field(wire="launchType", computed=True),
    capacityProviderStrategies=Field(wire="capacityProviderStrategy", many=True, block=STRATEGY, blank=[]),
    networkConfiguration=Field(
        block=fields(subnets=Field(normal=unordered), securityGroups=Field(normal=unordered), assignPublicIp=Field())
    ),
    deploymentMaximumPercent=Field(),
    deploymentMinimumHealthyPercent=Field(),
    deploymentCircuitBreaker=Field(block=fields(enable=Field(), rollback=Field())),
    enableExecuteCommand=Field(wire="enableExecuteCommand", blank=False),
    enableEcsManagedTags=Field(wire="enableECSManagedTags", blank=False),
    propagateTags=Field(wire="propagateTags", blank="NONE", computed=True),
    platformVersion=Field(wire="platformVersion", computed=True),
    availabilityZoneRebalancing=Field(wire="availabilityZoneRebalancing", computed=True),
    schedulingStrategy="schedulingStrategy",
    forceDelete=Field(local=True),
    forceNewDeployment=Field(local=True),
    waitForSteadyState=Field(local=True),
)
DEPLOYMENT = ("deploymentMaximumPercent", "deploymentMinimumHealthyPercent", "deploymentCircuitBreaker")
FIXED = {"name", "cluster", "launchType", "schedulingStrategy"}


def blocks(props: Props) -> Props:
    """Return the parameters whose structure differs from the inputs'."""
    sent: Props = {}
    if network := props.get("networkConfiguration"):
        public = "ENABLED" if network.get("assignPublicIp") else "DISABLED"
        groups = {"securityGroups": network["securityGroups"]} if network.get("securityGroups") else {}
        inner = {"subnets": network["subnets"], **groups, "assignPublicIp": public}
        sent["networkConfiguration"] = {"awsvpcConfiguration": inner}
    breaker = props.get("deploymentCircuitBreaker") or {}
    configured = {
        "maximumPercent": props.get("deploymentMaximumPercent"),
        "minimumHealthyPercent": props.get("deploymentMinimumHealthyPercent", 0),
        "deploymentCircuitBreaker": {name: bool(breaker.get(name)) for name in ("enable", "rollback")},
    }
    sent["deploymentConfiguration"] = {name: value for name, value in configured.items() if value is not None}
    return sent


def create(call: Call) -> str:
    given = {"desiredCount": 0} | wire.to_api(SERVICE, call.props)
    return str(
        call.client.create_service(**given, **blocks(call.props), clientToken=str(uuid.uuid4()))["service"][
            "serviceArn"
        ]
    )


def where(call: Call) -> Props:
    """Return the cluster and service names from the ARN or from an import ID in the format CLUSTER/NAME."""
    cluster, name = call.id.split("/")[-2:]
    return {"cluster": cluster, "services": [name]}


def described(call: Call) -> dict[str, Any] | None:
    """Return the service, or None if it does not exist or is inactive."""
    found = call.client.describe_services(**where(call))["services"]
    return found[0] if found and found[0]["status"] != "INACTIVE" else None


def read(call: Call) -> Props | None:
    found = described(call)
    if found is None or found["status"] == "DRAINING":
        return None
    call.id = found["serviceArn"]
    configured = found.get("deploymentConfiguration") or {}
    live = {
        **wire.from_api(SERVICE, found), "arn": found["serviceArn"],
        "cluster": as_given(call, "cluster", found["clusterArn"]),
        "taskDefinition": as_given(call, "taskDefinition", found["taskDefinition"]),
        "deploymentMaximumPercent": configured.get("maximumPercent"),
        "deploymentMinimumHealthyPercent": configured.get("minimumHealthyPercent"),
        "deploymentCircuitBreaker": configured.get("deploymentCircuitBreaker"),
    }  # fmt: skip
    if network := (found.get("networkConfiguration") or {}).get("awsvpcConfiguration"):
        live["networkConfiguration"] = {**network, "assignPublicIp": network.get("assignPublicIp") == "ENABLED"}
    return live


def settle(call: Call) -> None:
    """Wait for the service to reach a steady state if waitForSteadyState is set."""
    if not call.props.get("waitForSteadyState"):
        return

    def done() -> bool:
        found = described(call) or {"deployments": [], "events": []}
        newest = next((one for one in found["deployments"] if one["status"] == "PRIMARY"), None)
        if newest and newest.get("rolloutState") == "FAILED":
            events = "; ".join(event["message"] for event in found["events"][:3])
            raise RefusedError(f"the service deployment failed: {newest.get('rolloutStateReason')} ({events})")
        whole = len(found["deployments"]) == 1 and found.get("runningCount") == found.get("desiredCount")
        return bool(whole and newest and newest.get("rolloutState") == "COMPLETED")

    call.wait(f"service {call.props.get('name')} to reach a steady state", SECONDS, done)


def update(call: Call, changed: frozenset[str]) -> None:
    """Send only the changed inputs, so that the desired count that auto scaling has set is kept."""
    given = {name: value for name, value in call.props.items() if name in changed - FIXED}
    sent = wire.to_api(SERVICE, given, changed - given.keys() - FIXED)
    every = blocks(call.props)
    if changed & set(DEPLOYMENT):
        sent["deploymentConfiguration"] = every["deploymentConfiguration"]
    if "networkConfiguration" in changed and "networkConfiguration" in every:
        sent["networkConfiguration"] = every["networkConfiguration"]
    if "desiredCount" in changed:
        sent.setdefault("desiredCount", 0)
    if "capacityProviderStrategies" in changed and not call.props.get("forceNewDeployment"):
        raise RefusedError("changing capacityProviderStrategies requires forceNewDeployment; set it to true.")
    if call.props.get("forceNewDeployment") and sent:
        sent["forceNewDeployment"] = True
    if sent:
        scope = where(call)
        call.client.update_service(cluster=scope["cluster"], service=scope["services"][0], **sent)
        settle(call)


def delete(call: Call) -> None:
    """Scale the service to zero, delete it, and wait until its tasks have stopped."""
    scope = where(call)
    service = {"cluster": scope["cluster"], "service": scope["services"][0]}
    call.client.update_service(**service, desiredCount=0)
    call.client.delete_service(**service, force=bool(call.props.get("forceDelete")))
    call.wait(f"service {scope['services'][0]} to drain", DRAIN_SECONDS, lambda: described(call) is None)


def rules(inputs: Props) -> list[tuple[str, str]]:
    needed = [] if inputs.get("taskDefinition") else [("taskDefinition", "taskDefinition is required; set it.")]
    if inputs.get("launchType") and inputs.get("capacityProviderStrategies"):
        needed.append(
            (
                "launchType",
                "launchType and capacityProviderStrategies are mutually exclusive; set one of them.",
            )
        )
    return needed


ROWS = {
    "aws:ecs/service:Service": Row(
        service="ecs",
        inputs=SERVICE,
        create=create,
        settle=settle,
        read=read,
        update=update,
        delete=delete,
        tagging=TAGGING,
        gone=frozenset({"ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException"}),
        rules=rules,
    ),
}

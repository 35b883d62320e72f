"""aws:ecs/service: services."""

from typing import Any

from local.providers import wire
from local.providers.aws.ecs import STRATEGY, TAGGING
from local.providers.compare import unordered
from local.providers.table import Call, Field, Row, fields
from local.providers.values import Props

DRAIN_SECONDS = 13 * 3600.0
"""A service that is deleted waits for its protected tasks; a message is held for 12 h at most."""


def plain_task(reference: Any) -> Any:
    """ARN, or family and revision: the same."""
    return reference.rpartition("/")[2] if isinstance(reference, str) else reference


SERVICE = fields(
    name="serviceName",
    cluster=Field(wire="cluster", computed=True),
    taskDefinition=Field(wire="taskDefinition", normal=plain_task),
    desiredCount="desiredCount",
    capacityProviderStrategies=Field(wire="capacityProviderStrategy", many=True, block=STRATEGY),
    launchType=Field(wire="launchType", computed=True),
    networkConfiguration=Field(),
    deploymentCircuitBreaker=Field(),
    deploymentMaximumPercent=Field(),
    deploymentMinimumHealthyPercent=Field(),
    availabilityZoneRebalancing=Field(wire="availabilityZoneRebalancing", computed=True),
    propagateTags="propagateTags",
    schedulingStrategy="schedulingStrategy",
    enableEcsManagedTags="enableECSManagedTags",
    enableExecuteCommand="enableExecuteCommand",
    forceDelete=Field(local=True),
    waitForSteadyState=Field(local=True),
)
NETWORK = fields(
    subnets=Field(wire="subnets", normal=unordered),
    securityGroups=Field(wire="securityGroups", normal=unordered),
    assignPublicIp=Field(),
)


def _deployment(props: Props) -> Props:
    found: Props = {}
    if props.get("deploymentMaximumPercent") is not None:
        found["maximumPercent"] = props["deploymentMaximumPercent"]
    if props.get("deploymentMinimumHealthyPercent") is not None:
        found["minimumHealthyPercent"] = props["deploymentMinimumHealthyPercent"]
    if breaker := props.get("deploymentCircuitBreaker"):
        found["deploymentCircuitBreaker"] = {"enable": breaker["enable"], "rollback": breaker["rollback"]}
    return found


def _sent_service(props: Props) -> Props:
    sent = wire.sent(SERVICE, props)
    if network := props.get("networkConfiguration"):
        public = "ENABLED" if network.get("assignPublicIp") else "DISABLED"
        sent["networkConfiguration"] = {
            "awsvpcConfiguration": {**wire.sent(NETWORK, network), "assignPublicIp": public}
        }
    if deployment := _deployment(props):
        sent["deploymentConfiguration"] = deployment
    return sent


def create_service(call: Call) -> str:
    return str(call.client.create_service(**_sent_service(call.props))["service"]["serviceArn"])


def settle_service(call: Call) -> None:
    """Only where the program asks for it: until as many tasks run as are wanted."""
    if not call.props.get("waitForSteadyState"):
        return

    def steady() -> bool:
        service = _describe(call)
        deployments = service["deployments"]
        return len(deployments) == 1 and service["runningCount"] == service["desiredCount"]

    call.wait(f"service {call.id} reaching a steady state", 1200, steady)


def _describe(call: Call) -> dict[str, Any]:
    cluster = call.id.split("/")[1]
    found = call.client.describe_services(cluster=cluster, services=[call.id])["services"]
    service: dict[str, Any] = found[0] if found else {"status": "INACTIVE"}
    return service


def read_service(call: Call) -> Props | None:
    found = _describe(call)
    if found["status"] in {"INACTIVE", "DRAINING"}:
        return None
    live = {**wire.received(SERVICE, found), "cluster": found["clusterArn"], "arn": found["serviceArn"]}
    if live.get("capacityProviderStrategies"):
        live.pop("launchType", None)
    if network := found.get("networkConfiguration", {}).get("awsvpcConfiguration"):
        public = network.get("assignPublicIp") == "ENABLED"
        live["networkConfiguration"] = {**wire.received(NETWORK, network), "assignPublicIp": public}
    deployment = found.get("deploymentConfiguration", {})
    live["deploymentMaximumPercent"] = deployment.get("maximumPercent")
    live["deploymentMinimumHealthyPercent"] = deployment.get("minimumHealthyPercent")
    if deployment.get("deploymentCircuitBreaker", {}).get("enable"):
        live["deploymentCircuitBreaker"] = deployment["deploymentCircuitBreaker"]
    return live


CREATED_ONLY = ("serviceName", "launchType", "schedulingStrategy")


def update_service(call: Call, changed: frozenset[str]) -> None:
    sent = _sent_service({name: value for name, value in call.props.items() if name in changed | {"cluster"}})
    deployment = {"deploymentMaximumPercent", "deploymentMinimumHealthyPercent", "deploymentCircuitBreaker"}
    if changed & deployment:
        sent["deploymentConfiguration"] = _deployment(call.props)
    call.client.update_service(
        service=call.id, **{name: value for name, value in sent.items() if name not in CREATED_ONLY}
    )
    settle_service(call)


def delete_service(call: Call) -> None:
    """As the official provider: no tasks, then no service, then wait for those that are still at work."""
    cluster = call.id.split("/")[1]
    call.client.update_service(cluster=cluster, service=call.id, desiredCount=0)
    call.client.delete_service(cluster=cluster, service=call.id, force=bool(call.props.get("forceDelete", True)))
    call.wait(f"service {call.id} draining", DRAIN_SECONDS, lambda: _describe(call)["status"] == "INACTIVE")


ROWS = {
    "aws:ecs/service:Service": Row(
        service="ecs",
        inputs=SERVICE,
        create=create_service,
        settle=settle_service,
        read=read_service,
        update=update_service,
        delete=delete_service,
        tagging=TAGGING,
        gone=frozenset({"ServiceNotFoundException", "ClusterNotFoundException"}),
    ),
}

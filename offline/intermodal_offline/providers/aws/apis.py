"""Implement aws:apigatewayv2: HTTP APIs and their integrations, routes, and stages."""

from typing import Any

from intermodal_offline.providers import wire
from intermodal_offline.providers.table import Call, Field, Row, Tagging, fields
from intermodal_offline.providers.values import Props

GONE = frozenset({"NotFoundException"})

API = fields(name="Name", protocolType="ProtocolType", description=Field(wire="Description", blank=""))


def create_api(call: Call) -> str:
    return str(call.client.create_api(**wire.to_api(API, call.props))["ApiId"])


def read_api(call: Call) -> Props:
    found = call.client.get_api(ApiId=call.id)
    region, partition = call.region, call.cloud.partition
    return {
        **wire.from_api(API, found), "apiEndpoint": found["ApiEndpoint"],
        "arn": f"arn:{partition}:apigateway:{region}::/apis/{call.id}",
        "executionArn": f"arn:{partition}:execute-api:{region}:{call.cloud.arn_account}:{call.id}",
        "apiKeySelectionExpression": found.get("ApiKeySelectionExpression"),
        "routeSelectionExpression": found.get("RouteSelectionExpression"),
    }  # fmt: skip


def update_api(call: Call, changed: frozenset[str]) -> None:
    call.client.update_api(ApiId=call.id, **mutable(API, call, changed, "protocolType"))


def mutable(table: dict[str, Field], call: Call, changed: frozenset[str], *fixed: str) -> Props:
    """Return the update parameters for the changed inputs, except those that require a replacement."""
    given = {name: value for name, value in call.props.items() if name in changed}
    parameters: Props = wire.to_api(table, given, changed - given.keys())
    return {name: value for name, value in parameters.items() if name not in {table[one].wire for one in fixed}}


def write_tags(call: Call, tags: dict[str, str], removed: list[str]) -> None:
    arn = call.live["arn"]
    if removed:
        call.client.untag_resource(ResourceArn=arn, TagKeys=removed)
    if tags:
        call.client.tag_resource(ResourceArn=arn, Tags=tags)


TAGGING = Tagging(read=lambda call: call.client.get_tags(ResourceArn=call.live["arn"])["Tags"], write=write_tags)


def within(identity: str) -> Props:
    """Return the properties that the import ID of an API's child resource contains."""
    api, _, _ = identity.partition("/")
    return {"apiId": api}


def own_id(call: Call) -> str:
    """Return the resource's ID without the API ID that an import ID contains."""
    call.id = call.id.rpartition("/")[2]
    return call.id


INTEGRATION = fields(
    apiId="ApiId",
    integrationType="IntegrationType",
    integrationSubtype="IntegrationSubtype",
    credentialsArn=Field(wire="CredentialsArn", blank=""),
    payloadFormatVersion="PayloadFormatVersion",
    requestParameters=Field(wire="RequestParameters"),
    timeoutMilliseconds="TimeoutInMillis",
    description=Field(wire="Description", blank=""),
)


def create_integration(call: Call) -> str:
    return str(call.client.create_integration(**wire.to_api(INTEGRATION, call.props))["IntegrationId"])


def read_integration(call: Call) -> Props:
    found = call.client.get_integration(ApiId=call.props["apiId"], IntegrationId=own_id(call))
    return {**wire.from_api(INTEGRATION, found), "apiId": call.props["apiId"]}


def update_integration(call: Call, changed: frozenset[str]) -> None:
    parameters = mutable(INTEGRATION, call, changed, "apiId", "integrationType", "integrationSubtype")
    if "requestParameters" in changed:  # an update merges parameters; an empty value removes a parameter
        old = (read_integration(call).get("requestParameters") or {}).keys()
        parameters["RequestParameters"] = dict.fromkeys(old, "") | call.props.get("requestParameters", {})
    call.client.update_integration(ApiId=call.props["apiId"], IntegrationId=call.id, **parameters)


ROUTE = fields(
    apiId="ApiId",
    routeKey="RouteKey",
    target=Field(wire="Target", blank=""),
    authorizationType="AuthorizationType",
)


def create_route(call: Call) -> str:
    return str(call.client.create_route(**wire.to_api(ROUTE, call.props))["RouteId"])


def read_route(call: Call) -> Props:
    found = call.client.get_route(ApiId=call.props["apiId"], RouteId=own_id(call))
    return {**wire.from_api(ROUTE, found), "apiId": call.props["apiId"]}


def update_route(call: Call, changed: frozenset[str]) -> None:
    call.client.update_route(ApiId=call.props["apiId"], RouteId=call.id, **mutable(ROUTE, call, changed, "apiId"))


STAGE = fields(
    apiId="ApiId",
    name="StageName",
    autoDeploy="AutoDeploy",
    description=Field(wire="Description", blank=""),
    accessLogSettings=Field(wire="AccessLogSettings", block=fields(destinationArn="DestinationArn", format="Format")),
    defaultRouteSettings=Field(
        wire="DefaultRouteSettings",
        computed=True,  # the official provider does not remove the block either
        block=fields(
            throttlingBurstLimit="ThrottlingBurstLimit",
            throttlingRateLimit="ThrottlingRateLimit",
            detailedMetricsEnabled="DetailedMetricsEnabled",
        ),
    ),
)


def create_stage(call: Call) -> str:
    return str(call.client.create_stage(**wire.to_api(STAGE, call.props))["StageName"])


def the_stage(call: Call) -> dict[str, Any]:
    return {"ApiId": call.props["apiId"], "StageName": call.id}


def read_stage(call: Call) -> Props:
    own_id(call)
    found = call.client.get_stage(**the_stage(call))
    api, region, partition = call.props["apiId"], call.region, call.cloud.partition
    endpoint, path = call.client.get_api(ApiId=api)["ApiEndpoint"], "" if call.id == "$default" else call.id
    return {
        **wire.from_api(STAGE, found), "apiId": api, "invokeUrl": f"{endpoint}/{path}",
        "arn": f"arn:{partition}:apigateway:{region}::/apis/{api}/stages/{call.id}",
        "executionArn": f"arn:{partition}:execute-api:{region}:{call.cloud.arn_account}:{api}/{call.id}",
        "deploymentId": found.get("DeploymentId", ""),
    }  # fmt: skip


def update_stage(call: Call, changed: frozenset[str]) -> None:
    parameters = mutable(STAGE, call, changed, "apiId", "name")
    if "accessLogSettings" in changed and not call.props.get("accessLogSettings"):
        call.client.delete_access_log_settings(**the_stage(call))
    if "autoDeploy" in changed:
        parameters["AutoDeploy"] = bool(call.props.get("autoDeploy"))
    if parameters:
        call.client.update_stage(**the_stage(call), **parameters)


ROWS = {
    "aws:apigatewayv2/api:Api": Row(
        service="apigatewayv2",
        inputs=API,
        create=create_api,
        read=read_api,
        update=update_api,
        delete=lambda call: call.client.delete_api(ApiId=call.id),
        tagging=TAGGING,
        gone=GONE,
    ),
    "aws:apigatewayv2/integration:Integration": Row(
        service="apigatewayv2",
        inputs=INTEGRATION,
        create=create_integration,
        read=read_integration,
        update=update_integration,
        delete=lambda call: call.client.delete_integration(ApiId=call.props["apiId"], IntegrationId=call.id),
        identify=within,
        gone=GONE,
    ),
    "aws:apigatewayv2/route:Route": Row(
        service="apigatewayv2",
        inputs=ROUTE,
        create=create_route,
        read=read_route,
        update=update_route,
        delete=lambda call: call.client.delete_route(ApiId=call.props["apiId"], RouteId=call.id),
        identify=within,
        gone=GONE,
    ),
    "aws:apigatewayv2/stage:Stage": Row(
        service="apigatewayv2",
        inputs=STAGE,
        create=create_stage,
        read=read_stage,
        update=update_stage,
        delete=lambda call: call.client.delete_stage(**the_stage(call)),
        identify=within,
        tagging=TAGGING,
        gone=GONE,
    ),
}

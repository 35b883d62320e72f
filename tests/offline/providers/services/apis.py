"""Define cases for HTTP APIs: every input, lifecycle drift and checks, and objects to adopt."""

from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients, Ids, Subject

API, INTEGRATION = "aws:apigatewayv2/api:Api", "aws:apigatewayv2/integration:Integration"
ROUTE, STAGE = "aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage"

HERE = f"{REGION}:{ACCOUNT}"
ROLE_ARN, LOGS_ARN = f"arn:aws:iam::{ACCOUNT}:role/readback-role", f"arn:aws:logs:{HERE}:log-group:g"
PARAMETERS = {"QueueUrl": "u", "MessageBody": "$request.body"}
CASES: list[tuple[str, Props]] = [
    (API, {"name": "readback", "protocolType": "HTTP", "description": "d"}),
    (
        INTEGRATION,
        {
            "apiId": "", "integrationType": "AWS_PROXY", "integrationSubtype": "SQS-SendMessage",
            "credentialsArn": ROLE_ARN, "payloadFormatVersion": "1.0", "requestParameters": PARAMETERS,
            "timeoutMilliseconds": 5000, "description": "d",
        },
    ),
    (ROUTE, {"apiId": "", "routeKey": "GET /", "target": "integrations/i", "authorizationType": "AWS_IAM"}),
    (
        STAGE,
        {
            "apiId": "", "name": "readback", "autoDeploy": True, "description": "d",
            "accessLogSettings": {"destinationArn": LOGS_ARN, "format": "f"},
            "defaultRouteSettings": {
                "throttlingBurstLimit": 5, "throttlingRateLimit": 2.5, "detailedMetricsEnabled": True,
            },
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    apis = client("apigatewayv2")
    made = apis.create_api(Name="around", ProtocolType="HTTP")["ApiId"]
    yield {"apiId": made}
    apis.delete_api(ApiId=made)


def get_integration(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the integration."""
    found: dict[str, Any] = client("apigatewayv2").get_integration(ApiId=ids[API], IntegrationId=ids[INTEGRATION])
    return found


def get_stage(client: Clients, ids: Ids) -> dict[str, Any]:
    """Return the stage."""
    found: dict[str, Any] = client("apigatewayv2").get_stage(ApiId=ids[API], StageName=ids[STAGE])
    return found


SUBJECTS: dict[str, Subject] = {
    API: Subject(
        updated=frozenset({"description", "tags", "tagsAll"}),
        replaced="protocolType",
        drifted="description",
        cause_drift=lambda client, ids: client("apigatewayv2").update_api(ApiId=ids[API], Description="stray"),
        read_live=lambda client, ids: client("apigatewayv2").get_api(ApiId=ids[API]).get("Description") or "",
    ),
    INTEGRATION: Subject(
        updated=frozenset({"description", "requestParameters"}),
        replaced="apiId",
        drifted="requestParameters",
        cause_drift=lambda client, ids: client("apigatewayv2").update_integration(
            ApiId=ids[API], IntegrationId=ids[INTEGRATION], RequestParameters={"MessageBody": "stray"}
        ),
        read_live=lambda client, ids: get_integration(client, ids)["RequestParameters"]["MessageBody"],
    ),
    ROUTE: Subject(
        updated=frozenset({"routeKey", "authorizationType"}),
        replaced="apiId",
        drifted="authorizationType",
        cause_drift=lambda client, ids: client("apigatewayv2").update_route(
            ApiId=ids[API], RouteId=ids[ROUTE], AuthorizationType="NONE"
        ),
        read_live=lambda client, ids: client("apigatewayv2").get_route(ApiId=ids[API], RouteId=ids[ROUTE])[
            "AuthorizationType"
        ],
    ),
    STAGE: Subject(
        updated=frozenset({"description", "defaultRouteSettings.throttlingBurstLimit"}),
        replaced="name",
        drifted="autoDeploy",
        cause_drift=lambda client, ids: client("apigatewayv2").update_stage(
            ApiId=ids[API], StageName=ids[STAGE], AutoDeploy=False
        ),
        read_live=lambda client, ids: get_stage(client, ids)["AutoDeploy"],
    ),
}


def create_all(client: Clients) -> dict[str, str]:
    """Create the objects for the variant `adopt`; return their import IDs."""
    apis, tags = client("apigatewayv2"), {"team": "a", "owner": "walk"}
    queue = client("sqs").get_queue_url(QueueName="adopt-queue")["QueueUrl"]
    role, logs = f"arn:aws:iam::{ACCOUNT}:role/adopt-role", f"arn:aws:logs:{HERE}:log-group:adopt-group"
    parameters = {"QueueUrl": queue, "MessageBody": "$request.body", "MessageGroupId": "$request.path"}
    api = apis.create_api(Name="adopt-api", ProtocolType="HTTP", Description="first", Tags=tags)["ApiId"]
    integration = apis.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationSubtype="SQS-SendMessage", PayloadFormatVersion="1.0",
        Description="first", TimeoutInMillis=9000, CredentialsArn=role, RequestParameters=parameters,
    )["IntegrationId"]  # fmt: skip
    route = apis.create_route(ApiId=api, RouteKey="POST /events", Target=f"integrations/{integration}")["RouteId"]
    apis.create_stage(
        ApiId=api, StageName="walk", AutoDeploy=True, Description="first", Tags=tags,
        DefaultRouteSettings={"ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 10},
        AccessLogSettings={"DestinationArn": logs, "Format": "$context.requestId"},
    )  # fmt: skip
    return {API: api, INTEGRATION: f"{api}/{integration}", ROUTE: f"{api}/{route}", STAGE: f"{api}/walk"}


def delete_all(client: Clients, ids: Ids) -> None:
    """Delete these objects."""
    client("apigatewayv2").delete_api(ApiId=ids[API])


def list_existing(client: Clients) -> dict[str, list[str]]:
    """Return all of these objects that exist."""
    return {"APIs": [one["Name"] for one in client("apigatewayv2").get_apis()["Items"]]}

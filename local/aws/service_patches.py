"""Where ministack's Secrets Manager, API Gateway, Lambda and STS lose what they are given; see `local.aws.patches`."""

import json
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import unquote

SECRETS = "ministack.services.secretsmanager"
APIS = "ministack.services.apigateway"
LAMBDA = "ministack.services.lambda_svc"
STS = "ministack.services.sts"
ACTIONS = "ministack.core.iam_actions"

EXPECTED: dict[tuple[str, str], Sequence[str]] = {
    (SECRETS, "_put_secret_value"): ("data",),
    (SECRETS, "_resolve"): ("secret_id", "use_arn_scope"),
    (SECRETS, "_remove_stage_everywhere"): ("secret", "stage", "except_version_id"),
    (SECRETS, "_add_stage"): ("secret", "version_id", "stage"),
    (APIS, "_create_integration"): ("api_id", "data"),
    (APIS, "_update_integration"): ("api_id", "int_id", "data"),
    (APIS, "_apigw_response"): ("data", "status"),
    (LAMBDA, "_list_versions"): ("name", "query_params"),
    (STS, "_web_identity_principal"): ("token", "provider_id", "role_arn"),
    (ACTIONS, "extract_iam_action"): ("service", "method", "path", "headers", "body", "query_params"),
    (ACTIONS, "extract_resource_arn"): (
        "service", "method", "path", "headers", "body", "query_params", "region", "account_id",
    ),
    (APIS, "handle_request"): ("method", "path", "headers", "body", "query_params"),
}  # fmt: skip


def apply() -> None:
    """Patch ministack in this process."""
    _keep_stages_of_current_values(import_module(SECRETS))
    _keep_integrations_whole(import_module(APIS))
    _keep_stages_without_logs(import_module(APIS))
    _qualify_the_latest_version(import_module(LAMBDA))
    _read_audiences_in_a_list(import_module(STS))
    _permit_batches_by_their_single_action(import_module(ACTIONS))
    _judge_parameters_by_their_arns(import_module(ACTIONS))


def _keep_stages_of_current_values(secrets: Any) -> None:
    """A value that becomes the current one keeps its other labels."""
    put = secrets._put_secret_value

    def put_secret_value(data: dict[str, Any]) -> Any:
        status, headers, body = put(data)
        if status == 200:
            answer, (_, secret) = json.loads(body), secrets._resolve(data["SecretId"])
            for stage in data.get("VersionStages") or []:
                secrets._remove_stage_everywhere(secret, stage, answer["VersionId"])
                secrets._add_stage(secret, answer["VersionId"], stage)
            stages = list(secret["Versions"][answer["VersionId"]]["Stages"])
            body = json.dumps(answer | {"VersionStages": stages}).encode()
        return status, headers, body

    secrets._put_secret_value = put_secret_value


def _keep_integrations_whole(apis: Any) -> None:
    """Subtype and credentials; parameters of an update are merged, and an empty one takes the old one away."""
    create, update = apis._create_integration, apis._update_integration
    kept = ("integrationSubtype", "credentialsArn")

    def with_kept(answer: Any, api_id: str, data: dict[str, Any]) -> Any:
        status, _, body = answer
        if status >= 300:
            return answer
        integration = apis._integrations[api_id][json.loads(body)["integrationId"]]
        integration |= {name: data[name] for name in kept if name in data}
        return apis._apigw_response(integration, status)

    def create_integration(api_id: str, data: dict[str, Any]) -> Any:
        return with_kept(create(api_id, data), api_id, data)

    def update_integration(api_id: str, int_id: str, data: dict[str, Any]) -> Any:
        old = apis._integrations.get(api_id, {}).get(int_id, {}).get("requestParameters") or {}
        if "requestParameters" in data:
            merged = {name: value for name, value in (old | data["requestParameters"]).items() if value}
            data = data | {"requestParameters": merged}
        return with_kept(update(api_id, int_id, data), api_id, data)

    apis._create_integration, apis._update_integration = create_integration, update_integration


def _keep_stages_without_logs(apis: Any) -> None:
    """Taking away the access log of a stage takes away the stage in ministack."""
    handle = apis.handle_request
    log_of_stage = re.compile("/v2/apis/([^/]+)/stages/([^/]+)/accesslogsettings")

    async def handle_request(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        found = log_of_stage.fullmatch(path) if method == "DELETE" else None
        stage = apis._stages.get(found[1], {}).get(unquote(found[2])) if found else None
        if stage is None:
            return await handle(method, path, headers, body, query_params)
        stage.pop("accessLogSettings", None)
        return 204, {}, b""

    apis.handle_request = handle_request


def _qualify_the_latest_version(lambda_svc: Any) -> None:
    """ListVersionsByFunction returns ARNs with the version, `:$LATEST` too (API reference, its example)."""
    list_versions = lambda_svc._list_versions

    def listed(name: str, query_params: Any) -> Any:
        status, headers, body = list_versions(name, query_params)
        if status != 200:
            return status, headers, body
        answer = json.loads(body)
        for version in answer["Versions"]:
            if not version["FunctionArn"].endswith(f":{version['Version']}"):
                version["FunctionArn"] += f":{version['Version']}"
        return status, headers, json.dumps(answer).encode()

    lambda_svc._list_versions = listed


def _read_audiences_in_a_list(sts: Any) -> None:
    """Kubernetes writes the one audience of a token as a list, and a trust policy's StringEquals meets it on AWS."""
    principal_of = sts._web_identity_principal

    def web_identity_principal(token: str, provider_id: str, role_arn: str) -> Any:
        principal, keys = principal_of(token, provider_id, role_arn)
        single = {key: value[0] for key, value in keys.items() if isinstance(value, list) and len(value) == 1}
        return principal, keys | single

    sts._web_identity_principal = web_identity_principal


def _permit_batches_by_their_single_action(actions: Any) -> None:
    """`sqs:DeleteMessage` permits DeleteMessageBatch too, and the other way round there is no such action (SQS guide,
    Amazon SQS API permissions: Actions and resource reference); ministack asks for one."""
    extract = actions.extract_iam_action

    def extract_iam_action(service: str, *request: Any) -> str | None:
        action: str | None = extract(service, *request)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    actions.extract_iam_action = extract_iam_action


def _judge_parameters_by_their_arns(actions: Any) -> None:
    """A policy for `ssm:GetParameters` names parameters; ministack looks for one on everything. Of several it judges
    the first."""
    extract = actions.extract_resource_arn

    def extract_resource_arn(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *rest: Any
    ) -> str:
        target = headers.get("x-amz-target", "")
        if service == "ssm" and target.endswith(".GetParameters"):
            names = json.loads(body or b"{}").get("Names") or ["*"]
            return str(extract(service, method, path, headers, json.dumps({"Name": names[0]}).encode(), *rest))
        return str(extract(service, method, path, headers, body, *rest))

    actions.extract_resource_arn = extract_resource_arn

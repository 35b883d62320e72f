"""Declare the program's HTTP API and its arguments in every variant."""

from typing import Any

import pulumi
import pulumi_aws as aws

Arguments = dict[str, dict[str, Any]]

TEAM = {"tags": {"team": "a"}}
BASE: Arguments = {
    "Api": {"protocol_type": "HTTP", "description": "first", **TEAM},
    "Integration": {"description": "first", "timeout_milliseconds": 9000},
    "IntegrationParameters": {"MessageBody": "$request.body", "MessageGroupId": "$request.path"},
    "ApiRoute": {"route_key": "POST /events"},
    "Stage": {
        "name": "walk", "auto_deploy": True, "description": "first",
        "default_route_settings": {"throttling_burst_limit": 5, "throttling_rate_limit": 10}, **TEAM,
    },
}  # fmt: skip

UPDATE: Arguments = {
    "Api": {"description": None, "tags": {"crew": "b"}},
    "Integration": {"description": None},
    "IntegrationParameters": {"MessageGroupId": None},
    "ApiRoute": {"route_key": "PUT /events", "authorization_type": "AWS_IAM"},
    "Stage": {
        "description": None, "default_route_settings": {"throttling_burst_limit": 6, "throttling_rate_limit": 10},
    },
}  # fmt: skip

REPLACE: Arguments = {
    "Api": {"protocol_type": "WEBSOCKET"},
    "ApiRoute": {"route_key": "$connect"},  # the only route in a WebSocket API that can have an authorizer
    "Stage": {"name": "other"},
}

ADOPT: Arguments = {"Api": {"name": "adopt-api"}}


def deploy(given: Arguments, queue: aws.sqs.Queue, role: aws.iam.Role, group: aws.cloudwatch.LogGroup) -> None:
    """Deploy the API."""
    api = aws.apigatewayv2.Api("main", **given["Api"])
    integration = aws.apigatewayv2.Integration(
        "main",
        api_id=api.id,
        integration_type="AWS_PROXY",
        integration_subtype="SQS-SendMessage",
        credentials_arn=role.arn,
        request_parameters={"QueueUrl": queue.url, **given["IntegrationParameters"]},
        **given["Integration"],
    )
    aws.apigatewayv2.Route(
        "main", api_id=api.id, target=pulumi.Output.concat("integrations/", integration.id), **given["ApiRoute"]
    )
    log = aws.apigatewayv2.StageAccessLogSettingsArgs(destination_arn=group.arn, format="$context.requestId")
    aws.apigatewayv2.Stage("main", api_id=api.id, access_log_settings=log, **given["Stage"])

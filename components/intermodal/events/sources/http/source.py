"""Create the API for an HTTP source, which sends request bodies to the inbox and returns 202."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_aws import apigatewayv2, cloudwatch, iam

from intermodal import naming
from intermodal.arns import concat
from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant
from intermodal.events.sender import allow_send, create_sender
from intermodal.events.sources.http.args import HttpAuthorization

AUTHORIZATION_TYPE: Mapping[HttpAuthorization, str] = {
    HttpAuthorization.IAM: "AWS_IAM",
    HttpAuthorization.NONE: "NONE",
}

TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "apigateway.amazonaws.com"},
    "Action": "sts:AssumeRole",
}
"""Trust statement for the sender role, without an account condition.

The API Gateway documentation (Working with AWS service integrations for HTTP APIs) lists no condition keys. A condition
on a key that API Gateway does not send would deny all requests.
"""


ACCESS_LOG_DAYS = 30
ACCESS_LOG_FIELDS = {
    key: f"$context.{key}" for key in ("requestId", "requestTime", "routeKey", "status", "responseLength")
} | {"sourceIp": "$context.identity.sourceIp", "integrationError": "$context.integrationErrorMessage"}
"""Access log fields (API Gateway developer guide, HTTP API access log variables)."""


@dataclass(frozen=True, kw_only=True)
class HttpSource:
    """An API and its sender role."""

    context: SourceContext
    api: apigatewayv2.Api
    role: iam.Role
    delivers: bool = False
    """False, because a failed delivery is returned to the caller as an error and the event is not kept."""

    @property
    def outputs(self) -> Mapping[str, Output[str]]:
        """Request URL, and the ARN on which callers need `execute-api:Invoke`."""
        path = self.context.source.fields["path"]
        return {
            "url": concat(self.api.api_endpoint, path),
            "execution_arn": concat(self.api.execution_arn, "/$default/POST", path),
        }

    @property
    def grants(self) -> Sequence[Grant]:
        """Empty, because the API sends messages with its role."""
        return []

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-integration` and `-route`, then `-stage`, which deploys automatically."""
        name, opts, fields = self.context.name, self.context.opts, self.context.source.fields
        may_send = allow_send(self.context, self.role, destination.inboxes)
        integration = apigatewayv2.Integration(
            f"{name}-integration",
            api_id=self.api.id,
            integration_type="AWS_PROXY",
            integration_subtype="SQS-SendMessage",
            payload_format_version="1.0",
            credentials_arn=self.role.arn,
            request_parameters={
                "QueueUrl": destination.inbox.url,
                "MessageBody": "$request.body",
                **_message_attributes(fields.get("headers", [])),
            },
            response_parameters=[{"status_code": "200", "mappings": {"overwrite:statuscode": "202"}}],
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[may_send])),
        )
        route = apigatewayv2.Route(
            f"{name}-route",
            api_id=self.api.id,
            route_key=f"POST {fields['path']}",
            target=concat("integrations/", integration.id),
            authorization_type=AUTHORIZATION_TYPE[fields["authorization"]],
            opts=opts,
        )
        apigatewayv2.Stage(
            f"{name}-stage",
            api_id=self.api.id,
            name="$default",
            auto_deploy=True,
            default_route_settings=_throttle(fields),
            access_log_settings=_access_logs(self.context),
            tags=self.context.tags,
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[route])),
        )


def _message_attributes(headers: Sequence[str]) -> dict[str, str]:
    """Return the mapping of headers to message attributes (aws-samples/serverless-patterns, pull request 2821)."""
    if not headers:
        return {}
    attributes = {name: {"DataType": "String", "StringValue": f"${{request.header.{name}}}"} for name in headers}
    return {"MessageAttributes": json.dumps(attributes)}


def _throttle(fields: Mapping[str, Any]) -> Any:
    rate = fields.get("requests_per_second")
    if rate is None:
        return None
    return {"throttling_rate_limit": rate, "throttling_burst_limit": fields.get("burst", rate)}


def _access_logs(context: SourceContext) -> Any:
    if not context.source.fields.get("access_logs"):
        return None
    # Log groups with this prefix do not count toward the log delivery resource policy, which is limited to 5,120
    # characters (CloudWatch Logs user guide, log delivery).
    name = f"/aws/vendedlogs/{naming.rule(pulumi.get_project(), pulumi.get_stack(), context.name)}"
    group = cloudwatch.LogGroup(
        f"{context.name}-access", name=name, retention_in_days=ACCESS_LOG_DAYS, tags=context.tags, opts=context.opts
    )
    return {"destination_arn": group.arn, "format": json.dumps(ACCESS_LOG_FIELDS)}


def create_source(context: SourceContext) -> HttpSource:
    """Create `{function}-{source}-api` and `-sender`."""
    api = apigatewayv2.Api(f"{context.name}-api", protocol_type="HTTP", tags=context.tags, opts=context.opts)
    return HttpSource(context=context, api=api, role=create_sender(context, TRUST))

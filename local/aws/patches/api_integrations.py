"""Store an integration's subtype and credentials, and merge request parameters on update.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html

ministack drops the subtype and credentials, and replaces all parameters on update. On AWS, an empty value removes a
parameter.
"""

import json
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.apigateway"

EXPECTED: Expected = {
    (MODULE, "_create_integration"): ("api_id", "data"),
    (MODULE, "_update_integration"): ("api_id", "int_id", "data"),
    (MODULE, "_apigw_response"): ("data", "status"),
}


def apply(apis: Any) -> None:
    """Patch ministack's apigateway module."""
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

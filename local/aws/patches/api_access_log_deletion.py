"""Keep an API stage when its access log settings are deleted.

AWS: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-accesslogsettings.html

ministack deletes the stage.
"""

import re
from typing import Any
from urllib.parse import unquote

from local.aws.expected import Expected

MODULE = "ministack.services.apigateway"

EXPECTED: Expected = {
    (MODULE, "handle_request"): ("method", "path", "headers", "body", "query_params"),
}


def apply(apis: Any) -> None:
    """Patch ministack's apigateway module."""
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

"""Keep a new secret value's staging labels.

AWS: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html

ministack drops the labels in a PutSecretValue call.
"""

import json
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.secretsmanager"

EXPECTED: Expected = {
    (MODULE, "_put_secret_value"): ("data",),
    (MODULE, "_resolve"): ("secret_id", "use_arn_scope"),
    (MODULE, "_remove_stage_everywhere"): ("secret", "stage", "except_version_id"),
    (MODULE, "_add_stage"): ("secret", "version_id", "stage"),
}


def apply(secrets: Any) -> None:
    """Patch ministack's secretsmanager module."""
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

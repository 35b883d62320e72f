"""Return repository and registry addresses that this machine's Docker daemon can reach.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Repository.html

ministack serves the registry protocol on its own port but returns the host name of Amazon ECR. Docker uses HTTP for
registries on the loopback interface.
"""

import json
import os
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecr"

EXPECTED: Expected = {
    (MODULE, "_repo_uri"): ("name",),
    (MODULE, "_get_authorization_token"): ("data",),
}


def apply(ecr: Any) -> None:
    """Patch ministack's ecr module."""
    address = f"127.0.0.1:{os.environ.get('GATEWAY_PORT', '4566')}"
    get_token = ecr._get_authorization_token

    def repo_uri(name: str) -> str:
        return f"{address}/{name}"

    def get_authorization_token(data: dict[str, Any]) -> Any:
        status, headers, body = get_token(data)
        found = json.loads(body)
        for each in found["authorizationData"]:
            each["proxyEndpoint"] = f"http://{address}"
        return status, headers, json.dumps(found).encode()

    ecr._repo_uri, ecr._get_authorization_token = repo_uri, get_authorization_token

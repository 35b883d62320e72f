"""Treat a token's single-element audience list as a single value.

AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html

Kubernetes writes a token's audience as a list even if there is only one. On AWS, StringEquals in a trust policy matches
such a list. ministack compares the condition's value with the list itself.
"""

from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.sts"

EXPECTED: Expected = {
    (MODULE, "_web_identity_principal"): ("token", "provider_id", "role_arn"),
}


def apply(sts: Any) -> None:
    """Patch ministack's sts module."""
    principal_of = sts._web_identity_principal

    def web_identity_principal(token: str, provider_id: str, role_arn: str) -> Any:
        principal, keys = principal_of(token, provider_id, role_arn)
        single = {key: value[0] for key, value in keys.items() if isinstance(value, list) and len(value) == 1}
        return principal, keys | single

    sts._web_identity_principal = web_identity_principal

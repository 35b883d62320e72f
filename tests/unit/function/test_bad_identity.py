"""Invalid roles, permissions, links and secrets are rejected, each with its message."""

from typing import Any

import pytest

from tests.unit.function.definitions import refusal

OIDC = {
    "provider_arn": "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1",
    "namespace": "tenant-a",
    "service_account": "scan",
}

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "secret without its last characters": (
        {"secrets": {"DB": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db"}},
        "secrets.DB must be the complete ARN of the secret, with the hyphen and six characters at its end, otherwise "
        "IAM denies access; `aws secretsmanager describe-secret --secret-id NAME --query ARN` prints it, got "
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db.",
    ),
    "issuer instead of its provider": (
        {"trust": ["lambda", {"oidc": {**OIDC, "provider_arn": "https://oidc.example/id/1"}}]},
        "trust[1].oidc.provider_arn must be the ARN of an IAM OIDC provider "
        "(arn:aws:iam::ACCOUNT:oidc-provider/ISSUER), not the issuer's URL; `aws iam list-open-id-connect-providers` "
        "lists the ARNs, and the provider of this issuer ends with oidc.example/id/1, got https://oidc.example/id/1.",
    ),
    "wildcard in an exact comparison": (
        {"trust": ["lambda", {"oidc": {**OIDC, "provider_arn": OIDC["provider_arn"] + "*"}}]},
        "trust[1].oidc.provider_arn must be the ARN of an IAM OIDC provider "
        "(arn:aws:iam::ACCOUNT:oidc-provider/ISSUER), without wildcards, because IAM compares principals literally, "
        f"got {OIDC['provider_arn']}*.",
    ),
    "any audience": (
        {"trust": ["lambda", {"oidc": {**OIDC, "audience": "*"}}]},
        (
            'trust[1].oidc.audience must be one audience without wildcards, got "*"; '
            "wildcards would accept other tokens."
        ),
    ),
    "key alias": (
        {"kms_key_arn": "alias/scan"},
        "kms_key_arn must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias, got 'alias/scan'.",
    ),
    "reserved sid": (
        {"permissions": [{"sid": "Protect", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}]},
        'permissions[0].sid must be unique, got "Protect", which is already in use; rename it.',
    ),
    "trust without the target's service": (
        {"trust": ["ecs-tasks"]},
        'trust must include lambda, because lane "main" is on target lambda; add it, or remove trust.',
    ),
    "unknown trust": (
        {"trust": ["lambda", "ec2"]},
        'trust[1] must be one of lambda, ecs-tasks, got "ec2".',
    ),
    "action outside a list": (
        {"permissions": [{"actions": "s3:GetObject", "resources": ["arn"]}]},
        "permissions[0].actions must be a list, got 's3:GetObject'; enclose it in [ ].",
    ),
    "every action of a service": (
        {"permissions": [{"actions": ["s3:*"], "resources": ["arn"]}]},
        'permissions[0].actions[0] must not be a wildcard, got "s3:*"; list the actions, or use links: [read(…)].',
    ),
    "every resource": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": ["*"]}]},
        'permissions[0].resources[0] must contain ARNs for s3:GetObject, got "*"; '
        "use an ARN such as arn:aws:s3:::BUCKET/*.",
    ),
    "role and trust": (
        {"role": {"arn": "arn:aws:iam::123456789012:role/r"}, "trust": ["lambda"]},
        "role and trust are mutually exclusive; the trust policy of an existing role is not changed.",
    ),
    "trust with two kinds": (
        {"trust": ["lambda", {"service": "ecs-tasks", "pods": {}}]},
        "trust[1] must have exactly one of service, pods, oidc, got service and pods; use a separate block for each.",
    ),
    "unlinkable resource": (
        {"links": [{"access": "send", "kind": "bucket", "arn": "a", "variable": "B", "value": "b"}]},
        "links[0] cannot have access send for kind bucket; use read, write.",
    ),
    "variable from a link and the environment": (
        {
            "environment": {"BUS_NAME": "x"},
            "links": [{"access": "send", "kind": "bus", "arn": "a", "variable": "BUS_NAME", "value": "b"}],
        },
        "environment.BUS_NAME is also set by a link; use a different variable for the link.",
    ),
    "two links with the same variable": (
        {
            "links": [
                {"access": "read", "kind": "bucket", "arn": "a", "variable": "BUCKET", "value": "a"},
                {"access": "read", "kind": "bucket", "arn": "b", "variable": "BUCKET", "value": "b"},
            ],
        },
        "links sets BUCKET for two resources; use a different variable for one of them.",
    ),
    "statement id used by the library": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": ["arn"], "sid": "Logs"}]},
        'permissions[0].sid must be unique, got "Logs", which is already in use; rename it.',
    ),
    "no resource": (
        {"permissions": [{"actions": ["s3:GetObject"], "resources": []}]},
        "permissions[0].resources must have at least one item, got none.",
    ),
    "trust as a string": (
        {"trust": "lambda"},
        "trust must be a list, got 'lambda'; enclose it in [ ].",
    ),
    "secret that is not a reference": (
        {"secrets": {"TOKEN": "swordfish"}},
        "secrets.TOKEN must be the ARN of a Secrets Manager secret (followed by :key for one key in its JSON) or of "
        "an SSM parameter; store the value there.",
    ),
    "secret and variable of the same name": (
        {"secrets": {"LEVEL": "arn:aws:ssm:eu-central-1:123456789012:parameter/level"}, "environment": {"LEVEL": "x"}},
        "secrets.LEVEL is also set by environment or a link; use a different variable for one of them.",
    ),
    "secret with a name reserved by Lambda": (
        {"secrets": {"AWS_REGION": "arn:aws:ssm:eu-central-1:123456789012:parameter/level"}},
        "secrets.AWS_REGION is reserved by target lambda; use a different name.",
    ),
    "permission without resources": (
        {"permissions": [{"actions": ["s3:GetObject"]}]},
        "permissions[0].resources is required; set it.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_one_sentence(case: str) -> None:
    change, sentence = CASES[case]
    assert refusal(change) == f'ContainerFunction "scan": {sentence}'

"""Resolve trust arguments and render trust policies, with one statement for each principal."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pulumi import Input, Output

from intermodal.documents import apply_known
from intermodal.identity.args import OidcTrustArgs, PodsTrustArgs, TrustArgs, TrustedService
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Validator, check_value

OIDC = "oidc"
"""Kind of trust for targets whose pods assume the role with a token from the cluster."""

PODS = "pods.eks.amazonaws.com"
AUDIENCE = "sts.amazonaws.com"

KINDS: Mapping[str, type | None] = {"service": None, "pods": PodsTrustArgs, "oidc": OidcTrustArgs}


PROVIDER = re.compile(r"arn:[\w-]+:iam::\d{12}:oidc-provider/[^*?]+")


def _check_provider(path: str, given: object) -> Problem | None:
    if not isinstance(given, str) or PROVIDER.fullmatch(given):
        return None
    advice = "without wildcards, because IAM compares principals literally"
    if given.startswith("https://"):
        advice = (
            "not the issuer's URL; `aws iam list-open-id-connect-providers` lists the ARNs, and the provider of this "
            f"issuer ends in {given.removeprefix('https://')}"
        )
    text = f"must be the ARN of an IAM OIDC provider (arn:aws:iam::ACCOUNT:oidc-provider/ISSUER), {advice}"
    return Problem(path=path, text=f"{text}, got {given}")


def _check_audience(path: str, given: object) -> Problem | None:
    if not isinstance(given, str) or not set("*?") & set(given):
        return None
    return Problem(
        path=path, text=f'must specify one audience, got "{given}"; otherwise a token of any audience would be accepted'
    )


KEY_CHECKS: Mapping[str, Callable[[str, object], Problem | None]] = {
    "provider_arn": _check_provider,
    "audience": _check_audience,
}
"""Checks for the fields of `pods` and `oidc`, by key."""


@dataclass(frozen=True, kw_only=True)
class TrustSpec:
    """One statement in a trust policy."""

    kind: str
    service: str = ""
    """Service name, for kind `service`."""
    fields: Mapping[str, Input[str]] | None = None
    """Statement fields, for kinds `pods` and `oidc`."""


def resolve_trust(validator: Validator, given: object) -> tuple[TrustSpec, ...]:
    """Return the trust statements without duplicates; add problems to `validator`."""
    found = []
    for index, item in enumerate(validator.sequence("trust", given)):
        path = f"trust[{index}]"
        args = {"service": item} if isinstance(item, str | TrustedService) else item
        fields = validator.fields(path, args, TrustArgs)
        kind = validator.one_of(path, fields, list(KINDS)) if fields else None
        if kind == "service":
            where = path if args is not item else f"{path}.service"
            service = validator.choice(where, fields["service"], TrustedService)
            found += [TrustSpec(kind=kind, service=service.value)] if service else []
        elif kind:
            shape = KINDS[kind]
            assert shape is not None  # noqa: S101 - only `service` has none
            inner = validator.fields(f"{path}.{kind}", fields[kind], shape)
            for key, check in KEY_CHECKS.items():
                if key in inner:
                    validator.extend(check_value(inner[key], partial(check, f"{path}.{kind}.{key}")))
            found.append(TrustSpec(kind=kind, fields=inner))
    if not found and not validator.problems:
        validator.add("trust", "must list at least one service, got none; remove it for the default")
    return tuple(spec for index, spec in enumerate(found) if spec not in found[:index])


def service_principal(service: str) -> str:
    """Return a service's principal (IAM user guide, AWS service principals)."""
    return f"{service}.amazonaws.com"


def check_trust(validator: Validator, trust: Sequence[TrustSpec] | None, needed: Mapping[str, str]) -> None:
    """Report principals that the lanes need but `trust` lacks; `needed` maps each reason to a principal."""
    if trust is None or validator.has_problem("trust"):
        return
    trusted = {statement.service or statement.kind for statement in trust}
    for what, service in needed.items():
        if service not in trusted:
            validator.add("trust", f"must include {service}, because {what}; add it, or remove trust")


def trust_policy(trust: Sequence[TrustSpec], account_id: Input[str]) -> dict[str, Any]:
    """Return a role's trust policy, which trusts only resources in this account.

    Each principal has a separate statement, because a condition applies to all principals in a statement.
    """
    return {"Version": "2012-10-17", "Statement": [_render_statement(spec, account_id) for spec in trust]}


def _render_statement(spec: TrustSpec, account_id: Input[str]) -> dict[str, Any]:
    fields = spec.fields or {}
    if spec.kind == "pods":
        return _pods_statement(fields)
    if spec.kind == "oidc":
        return _oidc_statement(fields)
    return service_statement(service_principal(spec.service), account_id)


def service_statement(principal: str, account_id: Input[str], source_arn: Input[str] | None = None) -> dict[str, Any]:
    """Return a statement that trusts a service for resources in this account, or only for `source_arn`.

    The conditions exclude other accounts and resources (IAM user guide, The confused deputy problem).
    """
    condition: dict[str, Any] = {"StringEquals": {"aws:SourceAccount": account_id}}
    if source_arn is not None:
        condition["ArnLike"] = {"aws:SourceArn": source_arn}
    return {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }


def _pods_statement(fields: Mapping[str, Input[str]]) -> dict[str, Any]:
    """Return the statement for EKS Pod Identity, which requires TagSession (EKS user guide, Pod Identity role)."""
    tags = {
        "aws:RequestTag/eks-cluster-arn": fields["cluster_arn"],
        "aws:RequestTag/kubernetes-namespace": fields["namespace"],
        "aws:RequestTag/kubernetes-service-account": fields["service_account"],
    }
    return {
        "Effect": "Allow",
        "Principal": {"Service": PODS},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": apply_known(tags, _match_condition),
    }


def _oidc_statement(fields: Mapping[str, Input[str]]) -> dict[str, Any]:
    """Return the statement for pods that use OIDC.

    It requires the audience and the subject; otherwise, any service account in the cluster could assume the role. A
    namespace or service account with `*` is a pattern, such as for the service accounts of a function's lanes.
    """
    arn, names = fields["provider_arn"], (fields["namespace"], fields["service_account"])
    condition = Output.all(arn, fields.get("audience", AUDIENCE), *names).apply(lambda known: _token_condition(*known))
    return {
        "Effect": "Allow",
        "Principal": {"Federated": fields["provider_arn"]},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }


def _token_condition(provider_arn: str, audience: str, namespace: str, service_account: str) -> dict[str, Any]:
    issuer = provider_arn.partition("oidc-provider/")[2]
    subject = f"system:serviceaccount:{namespace}:{service_account}"
    return _match_condition({f"{issuer}:aud": audience, f"{issuer}:sub": subject})


def _match_condition(values: Mapping[str, str]) -> dict[str, Any]:
    """Return a condition that requires all values.

    StringEquals matches `*` and `?` literally; StringLike treats them as wildcards (IAM user guide, String condition
    operators).
    """
    patterns = {key: value for key, value in values.items() if set("*?") & set(str(value))}
    exact = {key: value for key, value in values.items() if key not in patterns}
    return {operator: keys for operator, keys in (("StringEquals", exact), ("StringLike", patterns)) if keys}

"""Resolve the arguments for a platform's Kubernetes cluster."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import partial
from ipaddress import ip_network
from typing import Any, cast

from pulumi import Input

from intermodal.network.args import IpFamily
from intermodal.platform.args import AddonsArgs, CreatedClusterArgs, ExistingClusterArgs, KubernetesArgs
from intermodal.problems.errors import Problem, join_path
from intermodal.problems.validation import Validator, check_output, check_value

NAMESPACE_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
CLUSTERS: Mapping[str, type] = {"existing": ExistingClusterArgs, "create": CreatedClusterArgs}

ADDONS: Mapping[str, bool] = {"keda": True, "kueue": True, "fluent_bit": True, "external_secrets": False}
"""Whether each Helm chart is installed in a new cluster by default."""

OLDEST = "1.36"
"""Oldest version with security groups for pods on EKS Auto Mode (EKS user guide, auto-sgp, retrieved in 2026)."""

FEWEST_ZONES = 2
ADMINISTRATOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
PRINCIPAL = re.compile(r"arn:[\w-]+:iam::\d{12}:(role|user)/.+")
VERSION = re.compile(r"1\.[1-9]\d{0,2}")


def resolve_kubernetes(validator: Validator, given: Mapping[str, Any]) -> KubernetesArgs | None:
    """Return the resolved cluster arguments, or None; add problems to `validator`."""
    if "kubernetes" not in given:
        return None
    fields = validator.fields("kubernetes", given["kubernetes"], KubernetesArgs)
    kind = validator.one_of("kubernetes", fields, list(CLUSTERS))
    if kind:
        fields[kind] = validator.fields(f"kubernetes.{kind}", fields[kind], CLUSTERS[kind])
    if kind == "existing" and "security_groups" in fields[kind]:
        validator.boolean("kubernetes.existing.security_groups", fields[kind]["security_groups"])
    if kind == "create":
        fields[kind] = _resolve_new(validator, fields[kind], given.get("network"))
    if "addons" in fields:
        fields["addons"] = validator.fields("kubernetes.addons", fields["addons"], AddonsArgs)
        for word, on in fields["addons"].items():
            validator.boolean(f"kubernetes.addons.{word}", on)
    fields["environment"] = validator.text_mapping("kubernetes.environment", fields.get("environment", {}))
    if "namespace" in fields:
        validator.name("kubernetes.namespace", fields["namespace"], NAMESPACE_NAME, "a name of Kubernetes")
    if "maximum_pods" in fields:
        fields["maximum_pods"] = validator.positive_integer("kubernetes.maximum_pods", fields["maximum_pods"])
    return cast("KubernetesArgs", fields)


def _resolve_new(validator: Validator, fields: Mapping[str, Any], network: object) -> dict[str, Any]:
    """Return a new cluster's resolved arguments; report a platform network that is not suitable."""
    if network is None:
        validator.add("kubernetes.create", "needs network, the cluster's VPC; set it, or use existing")
    elif isinstance(network, Mapping):
        validator.extend([*_check_dualstack(network), *_check_zones(network)])
    version = fields.get("version", OLDEST)
    validator.extend(check_value(version, _check_version))
    administrators = _resolve_administrators(validator, fields.get("administrators", {}))
    if "public_access_cidrs" in fields:
        _check_cidrs(validator, fields["public_access_cidrs"])
    version = check_output(version, validator.display_name, _check_version)
    return {**fields, "version": version, "administrators": administrators}


def _check_cidrs(validator: Validator, given: object) -> None:
    """Check the CIDR blocks; EKS accepts IPv6 blocks only for IPv6 clusters (EKS user guide, cluster-endpoint)."""
    for index, cidr in enumerate(validator.text_list("kubernetes.create.public_access_cidrs", given)):
        path = f"kubernetes.create.public_access_cidrs[{index}]"
        validator.extend(check_value(cidr, partial(_check_cidr, path)))


def _check_cidr(path: str, given: object) -> Problem | None:
    reason = _explain_invalid_cidr(str(given))
    if reason is None:
        return None
    text = f"must be a CIDR block such as 203.0.113.0/24, got {given!r} ({reason}); use address/length"
    return Problem(path=path, text=text)


def _explain_invalid_cidr(text: str) -> str | None:
    if "/" not in text:
        return "no prefix length"
    try:
        ip_network(text)
    except ValueError as reason:
        return str(reason)
    return None


def _resolve_administrators(validator: Validator, given: object) -> Mapping[str, Input[str]]:
    found = validator.text_mapping("kubernetes.create.administrators", given)
    arns: dict[object, str] = {}
    for word, arn in found.items():
        validator.name(join_path("kubernetes.create.administrators", word), word, ADMINISTRATOR, "the end of a name")
        check = partial(_check_administrator, word)
        validator.extend(check_value(arn, check))
        found[word] = check_output(arn, validator.display_name, check)
        if isinstance(arn, str) and arns.setdefault(arn, word) != word:
            text = f"repeats {arn} of {arns[arn]}; EKS allows one entry per principal; remove one"
            validator.add(join_path("kubernetes.create.administrators", word), text)
    return found


def _check_administrator(word: str, given: object) -> Problem | None:
    if isinstance(given, str) and PRINCIPAL.fullmatch(given):
        return None
    text = f"must be the ARN of an IAM role or user, got {given!r}"
    if isinstance(given, str) and ":assumed-role/" in given:
        text = f"{text}, which is a session; use the role that it assumed, with its full path"
    return Problem(path=join_path("kubernetes.create.administrators", word), text=text)


def _check_dualstack(network: Mapping[str, Any]) -> list[Problem]:
    """Require a dual-stack VPC and subnets, because the pods have IPv6 addresses (EKS API reference, ipFamily)."""
    needs = "must be {} for kubernetes.create, whose pods have IPv6 addresses, got {}; {}, or use existing"
    if isinstance(existing := network.get("existing"), Mapping):
        if existing.get("dualstack") is True:
            return []
        advice = "set it if the subnets have IPv6 addresses, or add them"
        text = needs.format("true", existing.get("dualstack", False), advice)
        return [Problem(path="network.existing.dualstack", text=text)]
    family = network.get("ip_family") or IpFamily.DUALSTACK
    word = family.value if isinstance(family, Enum) else family
    if word == IpFamily.DUALSTACK.value:
        return []
    return [Problem(path="network.ip_family", text=needs.format("dualstack", word, "remove it"))]


def _check_zones(network: Mapping[str, Any]) -> list[Problem]:
    """Require two zones, which EKS requires (EKS user guide, network-reqs)."""
    existing = network.get("existing")
    path = "network.existing.private_subnet_ids" if existing else "network.zones"
    given = existing.get("private_subnet_ids") if isinstance(existing, Mapping) else network.get("zones")
    if not isinstance(given, list | tuple) or len(given) >= FEWEST_ZONES:
        return []
    text = f"must name at least {FEWEST_ZONES} for kubernetes.create, got {len(given)}; EKS requires two zones; add one"
    return [Problem(path=path, text=text)]


def _check_version(given: object) -> Problem | None:
    path = "kubernetes.create.version"
    if not isinstance(given, str):
        return Problem(path=path, text=f'must be a string such as "{OLDEST}", got {given!r}; quote it')
    if not VERSION.fullmatch(given):
        return Problem(
            path=path, text=(f'must be a major and minor version such as "{OLDEST}", got "{given}"; use nothing else')
        )
    if _parse_minor(given) < _parse_minor(OLDEST):
        text = f'must be {OLDEST} or later, for pod security groups, got "{given}"'
        return Problem(path=path, text=f"{text}; raise it, or use existing")
    return None


def _parse_minor(version: str) -> int:
    return int(version.partition(".")[2])

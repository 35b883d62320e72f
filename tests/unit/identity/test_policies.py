"""Every policy that the library renders matches its golden and has no parliament findings."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from intermodal import ContainerFunction, Platform
from intermodal.identity.role import deny_interfaces
from intermodal.identity.trust import _token_condition
from tests.conftest import ACCOUNT, REGION, Cloud, Run
from tests.unit.test_contract import EVERY_SOURCE, IMAGE, NETWORK

GOLDENS = Path(__file__).with_name("goldens")
POLICIES = {
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
}
ALL_TRUST: list[Any] = [
    "lambda",
    "ecs-tasks",
    {
        "pods": {
            "cluster_arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shared",
            "namespace": "media",
            "service_account": "scan",
        }
    },
    {
        "oidc": {
            "provider_arn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.{REGION}.amazonaws.com/id/ABCD",
            "namespace": "media",
            "service_account": "scan",
        }
    },
]
ARNS = {
    "bucket": "arn:aws:s3:::photos",
    "queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:next",
    "topic": f"arn:aws:sns:{REGION}:{ACCOUNT}:orders",
    "bus": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/shop",
    "table": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders",
    "secret": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:key-AbCdEf",
    "parameter": f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/settings",
}
LINKED = {
    "bucket": ("read", "write"),
    "queue": ("send",),
    "topic": ("send",),
    "bus": ("send",),
    "table": ("read", "write"),
    "secret": ("read", "write"),
    "parameter": ("read", "write"),
}
LINKS = [
    {"access": access, "kind": kind, "arn": ARNS[kind], "variable": f"THE_{kind.upper()}", "value": kind}
    for kind, accesses in LINKED.items()
    for access in accesses
]


def program() -> None:
    """Register a function with every source, trust and link, in a VPC."""
    platform = Platform("p", {"network": NETWORK})  # type: ignore[typeddict-item]
    scan: Any = {"image": {"uri": IMAGE}, "target": "lambda", "platform": platform.handle, "vpc": True}
    scan |= {"sources": EVERY_SOURCE, "trust": ALL_TRUST, "links": LINKS}
    ContainerFunction("scan", scan)


def rendered_documents(made: Cloud) -> dict[str, Any]:
    """Return the documents by `type name`."""
    return {
        key: json.loads(args.inputs[POLICIES[key.split()[0]]])
        for key, args in sorted(made.resources.items())
        if key.split()[0] in POLICIES
    }


def test_policies_are_as_committed(cloud: Run) -> None:
    found = json.dumps(rendered_documents(cloud(program)), indent=2) + "\n"
    golden = GOLDENS / "policies.json"
    assert found == golden.read_text(), f"review the difference, then write the document to {golden.name}"


@pytest.mark.parametrize(
    ("pods", "condition"),
    [
        ({"namespace": "tenant-a"}, {"StringEquals": {"namespace": "tenant-a", "account": "scan"}}),
        (
            {"namespace": "tenant-*"},
            {"StringEquals": {"account": "scan"}, "StringLike": {"namespace": "tenant-*"}},
        ),
    ],
)
def test_namespace_wildcard_is_compared_with_string_like(
    cloud: Run, pods: dict[str, str], condition: dict[str, dict[str, str]]
) -> None:
    cluster = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/shared"
    block = {"cluster_arn": cluster, "service_account": "scan", **pods}
    definition: Any = {"image": IMAGE, "target": "lambda", "trust": ["lambda", {"pods": block}]}
    made = cloud(lambda: ContainerFunction("scan", definition))
    trust = json.loads(made.inputs("aws:iam/role:Role", "scan-role")["assumeRolePolicy"])
    found = trust["Statement"][1]["Condition"]
    short = {"kubernetes-namespace": "namespace", "kubernetes-service-account": "account"}
    named = {
        operator: {short[key.rpartition("/")[2]]: value for key, value in keys.items() if "cluster" not in key}
        for operator, keys in found.items()
    }
    assert named == condition


def test_namespace_wildcard_becomes_a_subject_pattern() -> None:
    condition = _token_condition(f"arn:aws:iam::{ACCOUNT}:oidc-provider/o", "sts.amazonaws.com", "tenant-*", "scan")
    assert condition == {
        "StringEquals": {"o:aud": "sts.amazonaws.com"},
        "StringLike": {"o:sub": "system:serviceaccount:tenant-*:scan"},
    }


def test_code_and_pods_may_not_manage_interfaces(cloud: Run) -> None:
    policy = json.loads(cloud(program).inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"])
    denied = {one["Sid"]: (one["Condition"], one["Action"]) for one in policy["Statement"] if one["Effect"] == "Deny"}
    allowed = {
        action
        for one in policy["Statement"]
        if one["Effect"] == "Allow" and "Interfaces" in one.get("Sid", "")
        for action in one["Action"]
    }
    assert {sid: condition for sid, (condition, _) in denied.items()} == {
        "InterfacesOfCode": {"ArnLike": {"lambda:SourceFunctionArn": "arn:*:lambda:*:*:function:*"}},
        "InterfacesOfPods": {"Null": {"aws:FederatedProvider": "false"}},
    }
    changing = {action for action in allowed if not action.startswith("ec2:Describe")}
    assert all(set(actions) == changing for _, actions in denied.values())


@pytest.mark.parametrize(
    ("permitted", "left"),
    [
        (["ec2:DeleteNetworkInterface"], {"Create", "Assign", "Unassign"}),
        (["EC2:*NetworkInterface"], {"Assign", "Unassign"}),
        (["ec2:*NetworkInterface", "ec2:*PrivateIpAddresses"], None),
    ],
)
def test_permissions_in_a_definition_are_not_denied(permitted: list[str], left: set[str] | None) -> None:
    permissions: Any = [{"actions": permitted, "resources": ["arn:aws:ec2:eu-central-1:123456789012:*"]}]
    found = deny_interfaces(permissions)
    first_word = re.compile(r"ec2:([A-Z][a-z]+)")
    first_words = [{match[1] for action in one["Action"] if (match := first_word.match(action))} for one in found]
    assert first_words == ([left, left] if left else [])


def test_parliament_finds_nothing(cloud: Run, tmp_path: Path) -> None:
    documents = rendered_documents(cloud(program))
    assert len(documents) > 8
    assert run_parliament(documents, tmp_path) == []


def test_parliament_detects_a_bad_policy(tmp_path: Path) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}
    (found,) = run_parliament({"wrong": {"Version": "2012-10-17", "Statement": [statement]}}, tmp_path)
    assert "UNKNOWN_ACTION" in found


def run_parliament(documents: dict[str, Any], folder: Path) -> list[str]:
    """Return parliament's findings, from a separate process because it leaves files open."""
    for key, document in documents.items():
        (folder / f"{key.split()[-1]}.json").write_text(json.dumps(to_identity_policy(document)))
    done = subprocess.run(
        [sys.executable, "-m", "parliament.cli", "--directory", str(folder), "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


EXPECTED_FINDINGS = {"AllInterfaces", "InterfacesOfCode", "InterfacesOfPods"}
"""Lambda requires the `*` (RESOURCE_STAR, low), and parliament does not know the condition keys of the two denials
(lambda:SourceFunctionArn and aws:FederatedProvider, which every request has).
"""


def to_identity_policy(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document in a form that parliament reads.

    The mocks' ARNs get AWS's format, and a trust policy gets the role as resource: parliament reads identity policies
    only. Statements for cluster OIDC providers are left out, because it knows only public providers; the lint's
    own tests cover them. The statement for Lambda's network interfaces is left out too: Lambda requires its `*`, which
    parliament reports (RESOURCE_STAR, low).
    """

    def arn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: arn(each) for key, each in value.items()}
        if isinstance(value, list):
            return [arn(each) for each in value]
        if isinstance(value, str) and value.startswith("arn:") and not value.startswith("arn:aws"):
            return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{value.removeprefix('arn:')}"
        return value

    statements = [
        {"Resource": f"arn:aws:iam::{ACCOUNT}:role/scan"} | arn(statement)
        for statement in document["Statement"]
        if "Federated" not in statement.get("Principal", {}) and statement.get("Sid") not in EXPECTED_FINDINGS
    ]
    return {**document, "Statement": statements}


@pytest.mark.parametrize("kind", LINKED)
def test_golden_has_links_of_every_kind(kind: str) -> None:
    policies = json.loads((GOLDENS / "policies.json").read_text())
    statements = policies["aws:iam/rolePolicy:RolePolicy scan-permissions"]["Statement"]
    assert any(ARNS[kind] in statement["Resource"] for statement in statements)

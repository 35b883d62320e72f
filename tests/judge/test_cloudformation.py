"""Every AWS resource passes CloudFormation's schemas and cfn-lint's rules."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint

from intermodal.testing import Mocks
from intermodal_offline.providers import facts, naming
from intermodal_offline.providers.naming import Naming, NoNameError
from intermodal_offline.schemas import cloudformation, convert
from tests.judge.conftest import unmark_secrets

IGNORED = {
    "W3010": "a literal zone; a Pulumi program names its zones",
    "E3019": "the same adopted queue or role in two resources of the template",
}
"""Rules about templates, not resources."""

REQUIRED_ELSEWHERE = {
    f"'{name}' is a required property": reason
    for row in convert.names().values()
    for name, reason in row.get("required_elsewhere", {}).items()
}
LINKED_TYPES = {"aws:dynamodb/table:Table"}
"""The caller's resources, which this library only links to."""


def template(cloud: Mocks) -> tuple[dict[str, Any], list[str]]:
    """Return a rendering's CloudFormation resources, and the inputs without a property."""
    resources: dict[str, Any] = {}
    problems: list[str] = []
    for args in cloud.resources.values():
        if not args.typ.startswith("aws:") or args.typ in LINKED_TYPES:
            continue
        inputs = unmark_secrets(dict(args.inputs))
        try:
            inputs |= automatic_name(args.typ, args.name, inputs)
        except NoNameError as error:
            problems.append(f"{args.typ} {args.name}: {error}")
        properties = convert.properties(args.typ, inputs, cloudformation.schema_of(args.typ))
        row = convert.names()[args.typ]
        if "inside" in row:
            properties = {row["inside"]: [properties], "EventPattern": {"source": ["shop"]}}
        logical = re.sub("[^A-Za-z0-9]", "", f"{args.typ.rpartition(':')[2]} {args.name}".title())
        resources[f"{logical}{len(resources)}"] = {"Type": row["type"], "Properties": properties}
    return resources, problems


def automatic_name(token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the name that the provider would generate."""
    rule = facts.of(token).autoname
    if rule is None or rule.property in inputs:
        return {}
    return {rule.property: naming.name(rule, dict(inputs), {}, Naming(resource=name, seed=name.encode()))}


def lint_template(resources: Mapping[str, Any]) -> Iterator[str]:
    """Yield cfn-lint's findings for a template."""
    text = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    for match in lint(text, ManualArgs(regions=["eu-central-1"])):
        if match.rule.id not in IGNORED and match.message not in REQUIRED_ELSEWHERE:
            yield f"{match.rule.id} {'/'.join(map(str, match.path or []))}: {match.message}"


def test_aws_accepts_every_resource(rendered: Mocks) -> None:
    resources, problems = template(rendered)
    assert [*problems, *lint_template(resources)] == []


@pytest.mark.parametrize(
    ("kind", "properties", "refusal"),
    [
        ("AWS::EC2::SecurityGroup", {"GroupDescription": "the VPC's own", "VpcId": "vpc-0123456789abcdef0"}, "E3031"),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}, "RoleName": "r" * 65}, "E3033"),
        ("AWS::SQS::Queue", {"VisibilityTimeout": 43_201}, "E3034"),
        (
            "AWS::Lambda::Function",
            {"Role": "arn:aws:iam::123456789012:role/r", "Code": {}, "PackageType": "Im"},
            "E3030",
        ),
    ],
)
def test_invalid_resource_is_refused(kind: str, properties: dict[str, Any], refusal: str) -> None:
    assert any(text.startswith(refusal) for text in lint_template({"Bad": {"Type": kind, "Properties": properties}}))


def test_overlong_name_is_rejected() -> None:
    with pytest.raises(NoNameError):
        automatic_name("aws:iam/role:Role", "r" * 60, {})


def test_unknown_input_is_refused() -> None:
    with pytest.raises(convert.UnmappedError, match="retention is not a property of AWS::SQS::Queue"):
        convert.properties("aws:sqs/queue:Queue", {"retention": 1}, cloudformation.schema_of("aws:sqs/queue:Queue"))


def test_every_exception_has_a_reason_and_is_needed() -> None:
    for token, row in convert.names().items():
        schema = cloudformation.schema_of(token)
        for name, reason in {**row.get("left_out", {}), **row.get("required_elsewhere", {})}.items():
            assert len(reason) > 10, (token, name)
        for name, path in row.get("renamed", {}).items():
            if "." not in name and "inside" not in row:
                assert convert.same(name, schema) != path, f"{token}: {name} needs no row"

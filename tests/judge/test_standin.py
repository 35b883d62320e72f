"""The offline provider rejects what AWS rejects, and every input in its table is checked."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from intermodal_offline.providers import check, facts
from intermodal_offline.providers.aws import ROWS
from intermodal_offline.providers.naming import Naming
from intermodal_offline.providers.table import Field
from intermodal_offline.providers.values import UNKNOWN
from intermodal_offline.schemas import cloudformation, convert

NOT_JUDGED = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "an entry in a role's ManagedPolicyArns in CloudFormation",
    "aws:kms/key:Key": "created only by the caller",
    "aws:secretsmanager/secretVersion:SecretVersion": "not in CloudFormation; the call is checked against botocore",
    "aws:sns/topicPolicy:TopicPolicy": "created only by the caller",
}
"""Types in the provider's table without a schema, each with the reason."""


def paths(fields: Mapping[str, Field], before: str = "") -> Iterator[tuple[str, Field]]:
    for name, field in fields.items():
        path = f"{before}.{name}" if before else name
        yield path, field
        if field.block is not None:
            yield from paths(field.block, path)


def test_every_type_in_the_table_has_a_schema_check() -> None:
    assert set(ROWS) == set(convert.names()) | set(NOT_JUDGED)


@pytest.mark.parametrize("token", sorted(set(ROWS) - set(NOT_JUDGED)))
def test_every_input_in_the_table_has_a_property(token: str) -> None:
    schema = cloudformation.schema_of(token)
    for path, _ in paths(ROWS[token].inputs):
        value: Any = "1"
        for part in reversed(path.split(".")):
            value = {part: value}
        convert.properties(token, value, schema)


@pytest.mark.parametrize(
    ("token", "inputs", "refused"),
    [
        ("aws:ec2/securityGroup:SecurityGroup", {"description": "the VPC's own", "vpcId": "vpc-1"}, "GroupDescription"),
        ("aws:iam/role:Role", {"assumeRolePolicy": "{}", "name": "r" * 65}, "RoleName"),
        ("aws:sqs/queue:Queue", {"visibilityTimeoutSeconds": 43_201}, "VisibilityTimeout"),
        ("aws:ecs/service:Service", {"propagateTags": "EVERYWHERE", "taskDefinition": UNKNOWN}, "PropagateTags"),
    ],
)
def test_offline_provider_refuses_what_aws_refuses(token: str, inputs: dict[str, Any], refused: str) -> None:
    naming = Naming(resource="scan", seed=b"seed")
    _, failures = check.check_inputs(token, ROWS[token], facts.of(token), (inputs, {}), naming, {})
    assert [path for path, _ in failures] == [refused]


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        ("aws:appautoscaling/policy:Policy", {"name": "scan-start", "resourceId": "service/work/scan"}),
        ("aws:ssm/parameter:Parameter", {"type": "String", "value": "{}", "tags": {"team": "shop"}}),
    ],
)
def test_pattern_unknown_to_python_is_left_to_cfn_lint(token: str, inputs: dict[str, Any]) -> None:
    assert cloudformation.failures(token, inputs) == []


def test_every_schema_pattern_compiles_in_python() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "pattern" and isinstance(value, str):
                    re.compile(value)
                if key == "patternProperties":
                    for pattern in value:
                        re.compile(pattern)
                walk(value)
        elif isinstance(node, list):
            for item in node:
                walk(item)

    walk(cloudformation.schemas())

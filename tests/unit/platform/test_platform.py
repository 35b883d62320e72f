"""A platform works within a stack and, through its handle, across stacks, and functions use it."""

import dataclasses
from typing import Any

import pytest

from intermodal import ContainerFunction, DefinitionError, Platform
from intermodal.identity.role import parse_role_name, require_trust
from intermodal.platform.args import PlatformHandle
from intermodal.platform.facts import require_network
from intermodal.platform.handle import VERSION, check_location, normalize, parse_facts, read_handle
from tests.conftest import ACCOUNT, LAMBDA_TRUST, REGION, Cloud, Run

HANDLE: dict[str, Any] = {
    "version": 1.0,
    "region": REGION,
    "account_id": ACCOUNT,
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-1"],
    "dualstack": True,
    "reachable_services": ["*"],
    "bus_name": "shop",
    "bus_arn": "arn:shop",
}
LACKING = dict.fromkeys(key for key in PlatformHandle.__annotations__ if key not in HANDLE)
"""Keys for parts that the platform does not have."""

BASE: dict[str, Any] = {"image": {"uri": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"}, "target": "lambda"}


def function(cloud: Run, **args: Any) -> Cloud:
    """Register a function on a platform from another stack."""
    definition: Any = {**BASE, "platform": HANDLE, **args}
    return cloud(lambda: ContainerFunction("scan", definition))


def test_platform_creates_only_declared_parts(cloud: Run) -> None:
    assert cloud(lambda: Platform("p", {})).list_registrations() == ["intermodal:index:Platform p"]
    assert cloud(lambda: Platform("p", {"bus": {}})).list_registrations() == [
        "aws:cloudwatch/eventBus:EventBus p-bus",
        "intermodal:index:Platform p",
    ]
    assert cloud(lambda: Platform("p", {"bus": {"existing": "shop"}})).list_registrations() == [
        "intermodal:index:Platform p"
    ]


def test_handle_holds_every_key_with_none_for_absent_parts(cloud: Run) -> None:
    seen: list[Any] = []
    cloud(lambda: Platform("p", {"bus": {"existing": "shop"}}).handle.apply(seen.append))
    assert seen == [
        {
            "version": VERSION,
            "region": REGION,
            "account_id": ACCOUNT,
            "reachable_services": ["*"],
            **dict.fromkeys(("vpc_id", "private_subnet_ids", "dualstack")),
            "bus_name": "shop",
            "bus_arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/shop",
            **LACKING,
        }
    ]
    assert set(seen[0]) == set(PlatformHandle.__annotations__)


def test_handle_from_another_stack_is_cast_without_new_keys() -> None:
    found = read_handle("P", "platform", {"platform": {**HANDLE, "later": 1}, "other": "x"})
    assert found == {**HANDLE, **LACKING, "version": 1}
    assert type(found["version"]) is int


def test_absent_part_is_none() -> None:
    facts = parse_facts(normalize("P", HANDLE))
    assert (facts.ecs, facts.kubernetes, facts.adapter_image) == (None, None, None)
    assert (facts.network and facts.network.vpc_id, facts.bus and facts.bus.name) == ("vpc-1", "shop")


REFUSED: dict[str, tuple[dict[str, Any], bool, str]] = {
    "no output": (
        {"plattform": HANDLE},
        False,
        'P: platform must be an output of the other stack, which exports plattform; export it there and '
        'deploy that stack; did you mean "plattform"?',
    ),
    "no outputs": (
        {},
        False,
        'P: platform must be an output of the other stack, which exports nothing; export it there and deploy '
        'that stack.',
    ),
    "a secret": (
        {"platform": HANDLE},
        True,
        'P: platform must not be secret; '
        "export that stack's secrets as separate outputs.",
    ),
    "another version": (
        {"platform": {**HANDLE, "version": 5.0}},
        False,
        "P: platform.version must be 1 for this release of intermodal, got 5; use one release for both stacks.",
    ),
    "no version": (
        {"platform": {"vpc_id": "vpc-1"}},
        False,
        "P: platform.version must be an integer, got None; use Platform.handle.",
    ),
    "missing keys": (
        {"platform": {**HANDLE, "vpc_id": None, "bus_arn": None}},
        False,
        "P: platform must have the keys vpc_id, bus_arn; deploy the platform's stack again.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_unusable_handle_is_refused(case: str) -> None:
    outputs, secret, sentence = REFUSED[case]
    with pytest.raises(DefinitionError) as refused:
        read_handle("P", "platform", outputs, secret=secret)
    assert str(refused.value) == sentence


def test_only_a_stack_reference_can_be_attached() -> None:
    with pytest.raises(DefinitionError, match=r'Platform "shared": reference must be a StackReference, got str; '):
        Platform.attach("shared", "org/platform/prod")


def test_function_in_a_vpc_has_a_group_without_ingress(cloud: Run) -> None:
    added = set(function(cloud, vpc=True, security_group_ids=["sg-db"]).list_registrations()) - set(
        function(cloud).list_registrations()
    )
    assert added == {
        "aws:ec2/securityGroup:SecurityGroup scan-security-group",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scan-egress-ipv4",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule scan-egress-ipv6",
    }
    found = function(cloud, vpc=True, security_group_ids=["sg-db"])
    group = found.inputs("aws:ec2/securityGroup:SecurityGroup", "scan-security-group")
    assert (group["vpcId"], group.get("ingress")) == ("vpc-1", None)
    assert found.inputs("aws:lambda/function:Function", "scan-main-function")["vpcConfig"] == {
        "subnetIds": ["subnet-1"],
        "securityGroupIds": ["scan-security-group-id", "sg-db"],
        "ipv6AllowedForDualStack": True,
    }


def test_function_is_not_in_the_vpc_by_default(cloud: Run) -> None:
    assert function(cloud).inputs("aws:lambda/function:Function", "scan-main-function").get("vpcConfig") is None


@pytest.mark.parametrize(
    ("account", "region", "sentence"),
    [
        (
            ACCOUNT,
            "us-east-1",
            f"F: platform is in region {REGION}, but the function's AWS provider is in us-east-1; "
            f"use a provider for {REGION}.",
        ),
        (
            "999999999999",
            REGION,
            f"F: platform is in account {ACCOUNT}, but the function's AWS provider is in 999999999999; "
            f"use a provider for {ACCOUNT}.",
        ),
    ],
)
def test_platform_in_another_account_or_region_is_refused(account: str, region: str, sentence: str) -> None:
    facts = parse_facts(normalize("F", HANDLE))
    assert check_location("F", facts, ACCOUNT, REGION) == facts
    with pytest.raises(DefinitionError) as refused:
        check_location("F", facts, account, region)
    assert str(refused.value) == sentence


def test_vpc_needs_a_platform_network() -> None:
    facts = parse_facts(normalize("F", HANDLE))
    assert require_network("F", facts).vpc_id == "vpc-1"
    with pytest.raises(DefinitionError) as refused:
        require_network("F", dataclasses.replace(facts, network=None))
    assert str(refused.value) == (
        "F: vpc requires a platform with a network, but this platform has none; add one, or remove vpc."
    )


ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/scan"


def test_existing_role_gets_policies_and_is_not_changed(cloud: Run) -> None:
    found = function(cloud, role={"arn": ROLE})
    assert not [key for key in found.list_registrations() if key.startswith("aws:iam/role:Role ")]
    assert found.inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["role"] == "scan"
    assert found.inputs("aws:lambda/function:Function", "scan-main-function")["role"] == (
        f"arn:aws:iam::{ACCOUNT}:role/scan"
    )


@pytest.mark.parametrize(
    ("arn", "sentence"),
    [
        (
            "arn:aws:iam::999999999999:role/scan",
            "F: role.arn must be a role in account 123456789012, like the function, got a role in 999999999999; "
            "create a role in this account, and let it assume the other role if necessary.",
        ),
        ("scan", "F: role.arn must be the ARN of a role, got 'scan'."),
    ],
)
def test_unusable_role_arn_is_refused(arn: str, sentence: str) -> None:
    assert parse_role_name("F", ROLE, ACCOUNT) == "scan"
    with pytest.raises(DefinitionError) as refused:
        parse_role_name("F", arn, ACCOUNT)
    assert str(refused.value) == sentence


def test_a_role_that_does_not_trust_the_target_is_refused() -> None:
    assert require_trust("F", ["lambda.amazonaws.com"], "scan", LAMBDA_TRUST) == "scan"
    with pytest.raises(DefinitionError) as refused:
        require_trust("F", ["ecs-tasks.amazonaws.com"], "scan", LAMBDA_TRUST)
    assert str(refused.value) == (
        "F: role.arn must trust ecs-tasks.amazonaws.com, but role scan does not; add it to the role's trust policy."
    )

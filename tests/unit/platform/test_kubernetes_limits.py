"""A platform rejects a Kubernetes cluster's invalid administrators, versions and networks."""

from typing import Any

import pulumi
import pytest

from intermodal import DefinitionError, Platform
from intermodal.network.args import IpFamily
from intermodal.platform.spec import resolve_platform
from tests.conftest import ACCOUNT, Run
from tests.unit.platform.kubernetes_cluster import OIDC, register_created


def test_administrators_get_access_to_a_created_cluster(cloud: Run) -> None:
    administrators = {
        "deployers": f"arn:aws:iam::{ACCOUNT}:role/ci/deployer",
        "ops": pulumi.Output.from_input(f"arn:aws-us-gov:iam::{ACCOUNT}:user/ada"),
    }
    entries = register_created(cloud, administrators=administrators).inputs("eks:index:Cluster", "p-eks")[
        "accessEntries"
    ]
    seen = {name: (entry["principalArn"], entry["accessPolicies"]["administrator"]) for name, entry in entries.items()}
    scope = {"accessScope": {"type": "cluster"}}
    policy = "eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert seen == {
        "deployers": (f"arn:aws:iam::{ACCOUNT}:role/ci/deployer", {**scope, "policyArn": f"arn:aws:{policy}"}),
        "ops": (f"arn:aws-us-gov:iam::{ACCOUNT}:user/ada", {**scope, "policyArn": f"arn:aws-us-gov:{policy}"}),
    }
    assert not register_created(cloud).inputs("eks:index:Cluster", "p-eks").get("accessEntries")


ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"


@pytest.mark.parametrize(
    ("administrators", "sentence"),
    [
        ([ROLE], f"kubernetes.create.administrators must be a mapping with string keys, got ['{ROLE}']."),
        ({"ci": "deployer"}, "{path}.ci must be the ARN of an IAM role or user, got 'deployer'."),
        (
            {"ci": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/run"},
            "{path}.ci must be the ARN of an IAM role or user, got "
            f"'arn:aws:sts::{ACCOUNT}:assumed-role/deployer/run', which is a session; use the role that it assumed, "
            "with its full path.",
        ),
        (
            {"ci": ROLE, "ops": ROLE},
            f"{{path}}.ops is the same principal as ci, {ROLE}; EKS allows one entry per principal; remove one.",
        ),
        (
            {"C I": ROLE},
            '{path}["C I"] must be lower-case letters, digits and dashes '
            "(pattern: [a-z0-9]([a-z0-9-]{{0,30}}[a-z0-9])?), got 'C I'.",
        ),
    ],
)
def test_administrators_invalid_for_eks_are_refused(cloud: Run, administrators: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        register_created(cloud, administrators=administrators)
    assert str(refused.value) == f'Platform "p": {sentence.format(path="kubernetes.create.administrators")}'


@pytest.mark.parametrize("version", ["1.36", "1.37", "1.100"])
def test_versions_with_pod_security_groups_are_accepted(cloud: Run, version: str) -> None:
    assert register_created(cloud, version=version).inputs("eks:index:Cluster", "p-eks")["version"] == version
    later = register_created(cloud, version=pulumi.Output.from_input(version))
    assert later.inputs("eks:index:Cluster", "p-eks")["version"] == version


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (
            "1.35",
            'must be 1.36 or later, which supports pod security groups, got "1.35"; use a later version, or existing.',
        ),
        (
            "1.4",
            'must be 1.36 or later, which supports pod security groups, got "1.4"; use a later version, or existing.',
        ),
        (1.36, 'must be a string such as "1.36", got 1.36; quote it.'),
        ("v1.36", 'must be a major and minor version such as "1.36", got "v1.36"; omit other parts.'),
        ("1.36.2", 'must be a major and minor version such as "1.36", got "1.36.2"; omit other parts.'),
        ("2.1", 'must be a major and minor version such as "1.36", got "2.1"; omit other parts.'),
    ],
)
def test_unsupported_version_is_refused(cloud: Run, version: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        register_created(cloud, version=version)
    assert str(refused.value) == f'Platform "p": kubernetes.create.version {sentence}'


def test_version_output_is_checked_when_it_resolves(cloud: Run) -> None:
    """The validated value is passed on, not the raw one."""
    late: list[Any] = []

    def program() -> None:
        raw = pulumi.Output.from_input("1.36")
        network = {"zones": ["eu-central-1a", "eu-central-1b"]}
        args: Any = {"network": network, "adapter": {"uri": "r/a:1"}, "kubernetes": {"create": {"version": raw}}}
        cluster: Any = resolve_platform("p", args).kubernetes
        late.append((raw, cluster["create"]["version"]))

    cloud(program)
    raw, checked = late[0]
    assert checked is not raw


@pytest.mark.parametrize(
    "network",
    [
        {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": "dualstack"},
        {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": IpFamily.DUALSTACK},
        {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1", "subnet-2"], "dualstack": True}},
    ],
)
def test_network_suitable_for_a_cluster_is_accepted(cloud: Run, network: dict[str, Any]) -> None:
    assert register_created(cloud, network).inputs("eks:index:Cluster", "p-eks")["ipFamily"] == "ipv6"


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (
            {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": "ipv4"},
            "network.ip_family must be dualstack for kubernetes.create, whose pods have IPv6 addresses, got ipv4; "
            "remove it, or use existing.",
        ),
        (
            {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": IpFamily.IPV4},
            "network.ip_family must be dualstack for kubernetes.create, whose pods have IPv6 addresses, got ipv4; "
            "remove it, or use existing.",
        ),
        (
            {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1", "subnet-2"]}},
            "network.existing.dualstack must be true for kubernetes.create, whose pods have IPv6 addresses, got False; "
            "add IPv6 addresses to the subnets if needed and set it, or use existing.",
        ),
        (
            {"zones": ["eu-central-1a"]},
            "network.zones must have at least 2 items, because EKS requires two zones, got 1; add one.",
        ),
        (
            {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"], "dualstack": True}},
            "network.existing.private_subnet_ids must have at least 2 items, "
            "because EKS requires two zones, got 1; add one.",
        ),
    ],
)
def test_network_unsuitable_for_a_cluster_is_refused(cloud: Run, network: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        register_created(cloud, network)
    assert str(refused.value) == f'Platform "p": {sentence}'


@pytest.mark.parametrize(
    ("kubernetes", "message"),
    [
        ({}, "kubernetes must have exactly one of existing, create, got none"),
        ({"create": {}}, "kubernetes.create requires network, in which the cluster is created"),
        ({"existing": {"kubeconfig": "x"}}, "kubernetes.existing.oidc_provider_arn is required"),
        (
            {"existing": {"kubeconfig": "x", "oidc_provider_arn": OIDC, "security_groups": "yes"}},
            "kubernetes.existing.security_groups must be true or false, got 'yes'",
        ),
        ({"create": {}, "maximum_pods": 0}, "kubernetes.maximum_pods must be a positive integer, got 0"),
        ({"create": {}, "namespace": "Not Good"}, "kubernetes.namespace must be a Kubernetes name"),
        ({"create": {}, "addons": {"keda": "yes"}}, "kubernetes.addons.keda must be true or false, got 'yes'"),
        ({"create": {}, "addons": {"kedda": True}}, 'did you mean "keda"?'),
    ],
)
def test_incomplete_cluster_arguments_are_refused(cloud: Run, kubernetes: Any, message: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        cloud(lambda: Platform("p", {"kubernetes": kubernetes, "adapter": {"uri": "x"}}))
    assert message in str(refused.value)


@pytest.mark.parametrize("block", ["203.0.113.7/24", "203.0.113.7", "office", 7])
def test_invalid_cidr_block_is_refused(block: Any) -> None:
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": {"public_access_cidrs": [block]}},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    with pytest.raises(DefinitionError, match=r"public_access_cidrs\[0\] must be"):
        resolve_platform("p", args)


@pytest.mark.parametrize("name", ["Shared", "sg-shared", "p" * 41, "shared-"])
def test_platform_name_is_valid_for_kubernetes_and_iam(name: str) -> None:
    with pytest.raises(DefinitionError, match="name must be at most 40 lower-case letters, digits and dashes"):
        resolve_platform(name, {"kubernetes": {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}}})

"""The Kubernetes target assigns security groups to pods."""

from typing import Any

import pulumi
import pulumi_kubernetes
import pytest
from pulumi.runtime.settings import get_monitor

from intermodal import ContainerFunction, DefinitionError
from intermodal.targets.kubernetes.network import list_security_groups
from tests.conftest import Run
from tests.unit.targets.kubernetes_lane import BASE, CLUSTER, GROUPS, function, job


def test_pods_in_a_vpc_have_the_functions_security_groups(cloud: Run) -> None:
    made = function(cloud, GROUPS, vpc=True, security_group_ids=["sg-db"])
    policy = made.inputs("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "scan-main-security-groups")
    assert policy["metadata"]["name"] == job(made)["metadata"]["name"]
    assert policy["metadata"]["namespace"] == "functions"
    assert policy["spec"] == {
        "podSelector": {"matchLabels": job(made)["spec"]["jobTargetRef"]["template"]["metadata"]["labels"]},
        "securityGroups": {"groupIds": ["scan-security-group-id", "sg-db"]},
    }


def test_pods_in_a_created_cluster_have_the_platforms_group(cloud: Run) -> None:
    handle = {**GROUPS, "kubernetes_pod_security_group_id": "sg-pods"}
    made = function(cloud, handle, vpc=True, security_group_ids=["sg-db"])
    policy = made.inputs("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "scan-main-security-groups")
    assert policy["spec"]["securityGroups"]["groupIds"] == ["scan-security-group-id", "sg-db", "sg-pods"]


def test_a_pod_has_no_more_than_five_security_groups() -> None:
    five = ["sg-own", "sg-1", "sg-2", "sg-3", "sg-4"]
    assert list_security_groups("F", five, supported=True, pod_group_id="") == five
    assert list_security_groups("F", five[:4], supported=True, pod_group_id="sg-pods") == [*five[:4], "sg-pods"]
    with pytest.raises(DefinitionError) as refused:
        list_security_groups("F", five, supported=True, pod_group_id="sg-pods")
    assert str(refused.value) == (
        "F: security_group_ids must be at most 3 in addition to the function's and the platform's security group "
        "on this cluster, got 4; merge the rules of two groups."
    )


def test_jobs_start_after_security_groups_and_network_policy(cloud: Run) -> None:
    waited: dict[str, set[str]] = {}

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        needed: Any = args.opts.depends_on or []
        waited[args.name] = {one._name for one in needed if isinstance(one, pulumi.Resource)}

    def program() -> None:
        provider = pulumi_kubernetes.Provider("cluster", kubeconfig="{}")
        definition: Any = {**BASE, "platform": {**CLUSTER, **GROUPS}, "vpc": True}
        ContainerFunction("scan", definition, pulumi.ResourceOptions(providers=[provider], transformations=[record]))

    cloud(program)
    assert waited["scan-main-jobs"] >= {"scan-main-security-groups", "scan-main-network", "scan-main-account"}


def test_pods_outside_a_vpc_keep_their_nodes_groups(cloud: Run) -> None:
    assert not any("SecurityGroup" in key for key in function(cloud, GROUPS).list_registrations())


def test_move_from_lambda_keeps_the_security_group(cloud: Run) -> None:
    def security_groups(target: str) -> dict[str, Any]:
        function(cloud, GROUPS, target=target, vpc=True)
        registered = get_monitor().get_registered_resources().items()  # type: ignore[union-attr]
        return {urn: made.state for urn, made in registered if "aws:ec2/sec" in urn or "aws:vpc/sec" in urn}

    before = security_groups("lambda")
    names = {"scan-security-group", "scan-egress-ipv4", "scan-egress-ipv6"}
    assert {urn.rpartition("::")[2] for urn in before} == names
    assert security_groups("kubernetes") == before


def test_cluster_without_pod_security_groups_is_refused() -> None:
    assert list_security_groups("F", ["sg-1"], supported=True, pod_group_id="") == ["sg-1"]
    with pytest.raises(DefinitionError) as refused:
        list_security_groups("F", ["sg-1"], supported=False, pod_group_id="")
    assert str(refused.value) == (
        "F: vpc must be false for target kubernetes on a cluster without security groups for pods, got "
        "true; remove it, or set kubernetes.existing.security_groups: true on the platform if the cluster supports "
        "SecurityGroupPolicy (vpcresources.k8s.aws/v1beta1)."
    )


def test_function_in_a_vpc_needs_pod_security_groups(cloud: Run) -> None:
    with pytest.raises(ValueError, match="without security groups for pods"):
        function(cloud, vpc=True)

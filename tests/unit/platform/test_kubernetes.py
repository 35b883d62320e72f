"""A platform's Kubernetes cluster: adopted or created, what is put into it, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from intermodal import DefinitionError, Platform
from intermodal.network.args import IpFamily
from intermodal.platform.spec import resolve_platform
from tests.conftest import ACCOUNT, REGION, Cloud, Run

OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.example/id/1"


def test_a_platform_adopts_a_cluster(cloud: Run) -> None:
    seen: list[Any] = []
    args: Any = {
        "kubernetes": {
            "existing": {"kubeconfig": "kubeconfig", "oidc_provider_arn": OIDC},
            "maximum_pods": 4,
            "environment": {"A": "b"},
        },
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    made = cloud(lambda: Platform("p", args).handle.apply(seen.append))
    assert made.registered() == [
        "intermodal:index:Platform p",
        "kubernetes:core/v1:Namespace p-namespace",
        "kubernetes:keda.sh/v1alpha1:TriggerAuthentication p-keda",
        "kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue p-cluster-queue",
        "kubernetes:kueue.x-k8s.io/v1beta1:LocalQueue p-queue",
        "kubernetes:kueue.x-k8s.io/v1beta1:ResourceFlavor p-flavor",
    ]
    provider = made.inputs("pulumi:providers:kubernetes", "p-kubernetes")
    assert provider["clusterIdentifier"] == "p-kubernetes"
    assert "deleteUnreachable" not in provider  # what cannot be reached for a moment is still there
    assert provider["enableSecretMutable"] == "true"
    assert seen[0]["kubernetes_namespace"] == "functions"
    assert seen[0]["kubernetes_queue"] == "functions"
    assert seen[0]["kubernetes_security_groups"] is False
    assert json.loads(seen[0]["kubernetes_environment"]) == {"A": "b"}
    labels = made.inputs("kubernetes:core/v1:Namespace", "p-namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def handle_of(cloud: Run, kubernetes: dict[str, Any]) -> dict[str, Any]:
    """The handle of a platform with this cluster."""
    seen: list[dict[str, Any]] = []
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": kubernetes,
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    cloud(lambda: Platform("p", args).handle.apply(seen.append))
    return seen[0]


def test_security_groups_of_pods_are_there_where_the_caller_says_so_and_on_a_created_cluster(cloud: Run) -> None:
    existing = {"kubeconfig": "{}", "oidc_provider_arn": OIDC}
    assert handle_of(cloud, {"existing": {**existing, "security_groups": True}})["kubernetes_security_groups"] is True
    assert handle_of(cloud, {"existing": existing})["kubernetes_security_groups"] is False
    assert handle_of(cloud, {"create": {}})["kubernetes_security_groups"] is True


def test_a_platform_creates_eks_in_auto_mode_with_pinned_charts(cloud: Run) -> None:
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": {}, "addons": {"external_secrets": True, "fluent_bit": False}},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    made = cloud(lambda: Platform("p", args))
    cluster = made.inputs("eks:index:Cluster", "p-eks")
    assert (cluster["version"], cluster["autoMode"], cluster["ipFamily"]) == ("1.36", {"enabled": True}, "ipv6")
    assert (cluster["authenticationMode"], cluster["createOidcProvider"]) == ("API", True)
    assert cluster["endpointPrivateAccess"] is True
    assert cluster["endpointPublicAccess"] is True, "the plugin waits for the API server only where it is said"
    releases = {key.split(" ")[1]: made.resources[key].inputs for key in made.registered() if ":Release " in key}
    assert sorted(releases) == ["p-external-secrets", "p-keda", "p-kueue"]
    assert all(release["version"] for release in releases.values())


def test_fluent_bit_brings_the_lines_of_functions_to_their_log_groups_under_a_role_of_its_own(cloud: Run) -> None:
    made = created(cloud)
    values = made.inputs("kubernetes:helm.sh/v3:Release", "p-fluent-bit")["values"]
    assert values["serviceAccount"] == {
        "name": "fluent-bit",
        "annotations": {"eks.amazonaws.com/role-arn": "arn:p-fluent-bit-role"},
    }
    config = {kind: _section(text) for kind, text in values["config"].items()}
    assert config["service"]["HTTP_Listen"] == "[::]", "probes come by IPv6"
    assert config["inputs"]["Path"] == "/var/log/containers/*_functions_*.log"
    assert config["inputs"]["DB"] == "/var/fluent-bit/state/intermodal.db"
    (mount,), (volume,) = values["extraVolumeMounts"], values["extraVolumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], volume["hostPath"]["path"])
    assert Path(config["inputs"]["DB"]).parent == Path(mount["mountPath"]), "what was read to outlives the pod"
    assert values["tolerations"] == [ARM_TOLERATED], "lines of functions on arm64 come, too"
    assert (config["filters"]["Annotations"], config["filters"]["Merge_Log"]) == ("On", "Off")
    assert (
        config["outputs"].items()
        >= {
            "Name": "cloudwatch_logs",
            "region": REGION,
            "log_group_template": "$kubernetes['annotations']['intermodal/log-group']",
            "log_key": "log",
        }.items()
    )
    trust = json.loads(made.inputs("aws:iam/role:Role", "p-fluent-bit-role")["assumeRolePolicy"])
    subjects = trust["Statement"][0]["Condition"]["StringEquals"].values()
    assert "system:serviceaccount:logging:fluent-bit" in subjects
    policy = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "p-fluent-bit-writes")["policy"])
    (statement,) = policy["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*-logs*"]


ARM_TOLERATED = {"key": "kubernetes.io/arch", "operator": "Exists", "effect": "NoSchedule"}


def _section(text: str) -> dict[str, str]:
    """Keys and values below the head of one section."""
    return {key: value.strip() for key, _, value in (line.strip().partition(" ") for line in text.splitlines()[1:])}


def created(cloud: Run, network: dict[str, Any] | None = None, **create: Any) -> Cloud:
    """A platform with a cluster of its own."""
    args: Any = {
        "network": network or {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": create},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    return cloud(lambda: Platform("p", args))


RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def test_questions_of_pods_of_a_created_cluster_reach_dns_and_nobody_connects_to_them(cloud: Run) -> None:
    made = created(cloud)
    assert made.inputs("eks:index:Cluster", "p-eks")["skipDefaultSecurityGroups"] is True
    group = made.inputs("aws:ec2/securityGroup:SecurityGroup", "p-pods")
    assert (group["vpcId"], group.get("ingress"), group.get("egress")) == ("p-network-vpc-id", None, None)
    rules = {key.split(" ")[1]: made.resources[key].inputs for key in made.registered() if key.startswith(RULE)}
    seen = {
        name: (rule["securityGroupId"], rule["referencedSecurityGroupId"], rule["ipProtocol"], rule["fromPort"])
        for name, rule in rules.items()
        if rule["fromPort"] == rule["toPort"]
    }
    assert seen == {
        "p-pods-dns-tcp": ("sg-nodes", "p-pods-id", "tcp", 53),
        "p-pods-dns-udp": ("sg-nodes", "p-pods-id", "udp", 53),
    }
    handle = handle_of(cloud, {"create": {}})
    assert (handle["kubernetes_pod_security_group_id"], handle["kubernetes_in_network"]) == ("p-pods-id", True)


def test_the_groups_of_a_cluster_that_exists_are_left_alone(cloud: Run) -> None:
    existing = {"kubeconfig": "{}", "oidc_provider_arn": OIDC, "security_groups": True}
    handle = handle_of(cloud, {"existing": existing})
    assert (handle["kubernetes_pod_security_group_id"], handle["kubernetes_in_network"]) == ("", False)


def test_network_policies_are_enforced_on_a_cluster_of_the_platforms_own(cloud: Run) -> None:
    key = ("kubernetes:core/v1:ConfigMap", "p-network-policies")
    made = created(cloud).inputs(*key)
    assert (made["metadata"]["name"], made["metadata"]["namespace"]) == ("amazon-vpc-cni", "kube-system")
    assert made["data"] == {"enable-network-policy-controller": "true"}
    existing = {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}}
    adopted: Any = {"kubernetes": existing, "adapter": {"uri": "r/a:1"}}
    assert not any("ConfigMap" in each for each in cloud(lambda: Platform("p", adopted)).registered())


def test_a_cluster_of_the_platforms_own_has_nodes_for_arm64_that_only_those_get_who_ask(cloud: Run) -> None:
    pool = created(cloud).inputs("kubernetes:karpenter.sh/v1:NodePool", "p-arm64")
    spec = pool["spec"]["template"]["spec"]
    assert spec["nodeClassRef"] == {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"}
    wanted = {each["key"]: each["values"] for each in spec["requirements"]}
    assert (wanted["kubernetes.io/arch"], wanted["karpenter.sh/capacity-type"]) == (["arm64"], ["on-demand"])
    assert (spec["expireAfter"], spec["terminationGracePeriod"]) == ("336h", "24h0m0s"), "twelve hours of work end"
    assert spec["taints"] == [{"key": ARM_TOLERATED["key"], "value": "arm64", "effect": ARM_TOLERATED["effect"]}]


def test_others_than_the_creator_administer_a_cluster_of_the_platforms_own(cloud: Run) -> None:
    administrators = {
        "deployers": f"arn:aws:iam::{ACCOUNT}:role/ci/deployer",
        "ops": pulumi.Output.from_input(f"arn:aws-us-gov:iam::{ACCOUNT}:user/ada"),
    }
    entries = created(cloud, administrators=administrators).inputs("eks:index:Cluster", "p-eks")["accessEntries"]
    seen = {word: (entry["principalArn"], entry["accessPolicies"]["administrator"]) for word, entry in entries.items()}
    scope = {"accessScope": {"type": "cluster"}}
    policy = "eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert seen == {
        "deployers": (f"arn:aws:iam::{ACCOUNT}:role/ci/deployer", {**scope, "policyArn": f"arn:aws:{policy}"}),
        "ops": (f"arn:aws-us-gov:iam::{ACCOUNT}:user/ada", {**scope, "policyArn": f"arn:aws-us-gov:{policy}"}),
    }
    assert not created(cloud).inputs("eks:index:Cluster", "p-eks").get("accessEntries")


ROLE = f"arn:aws:iam::{ACCOUNT}:role/deployer"


@pytest.mark.parametrize(
    ("administrators", "sentence"),
    [
        ([ROLE], f"kubernetes.create.administrators must map names to values, got ['{ROLE}']."),
        ({"ci": "deployer"}, "{path}.ci must be the ARN of a role or user of IAM, got 'deployer'."),
        (
            {"ci": f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/run"},
            "{path}.ci must be the ARN of a role or user of IAM, got "
            f"'arn:aws:sts::{ACCOUNT}:assumed-role/deployer/run', which is a session; give the role that it assumed, "
            "with its whole path.",
        ),
        (
            {"ci": ROLE, "ops": ROLE},
            f"{{path}}.ops names {ROLE} again, as ci does; EKS has one entry of each, leave one out.",
        ),
        (
            {"C I": ROLE},
            "{path}.C I must be the end of a name (pattern [a-z0-9]([a-z0-9-]{{0,30}}[a-z0-9])?), got 'C I'.",
        ),
    ],
)
def test_administrators_that_eks_would_refuse(cloud: Run, administrators: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        created(cloud, administrators=administrators)
    assert str(refused.value) == f'Platform "p": {sentence.format(path="kubernetes.create.administrators")}'


@pytest.mark.parametrize("version", ["1.36", "1.37", "1.100"])
def test_a_version_that_auto_mode_gives_security_groups_in(cloud: Run, version: str) -> None:
    assert created(cloud, version=version).inputs("eks:index:Cluster", "p-eks")["version"] == version
    later = created(cloud, version=pulumi.Output.from_input(version))
    assert later.inputs("eks:index:Cluster", "p-eks")["version"] == version


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        (
            "1.35",
            'must be 1.36 or later, where pods have security groups of their own, got "1.35"; '
            "raise it, or adopt a cluster with existing.",
        ),
        (
            "1.4",
            'must be 1.36 or later, where pods have security groups of their own, got "1.4"; '
            "raise it, or adopt a cluster with existing.",
        ),
        (1.36, 'must be text such as "1.36", got 1.36; write it in quotes.'),
        ("v1.36", 'must be major and minor such as "1.36", got "v1.36"; write nothing else.'),
        ("1.36.2", 'must be major and minor such as "1.36", got "1.36.2"; write nothing else.'),
        ("2.1", 'must be major and minor such as "1.36", got "2.1"; write nothing else.'),
    ],
)
def test_a_version_that_no_cluster_is_created_with(cloud: Run, version: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        created(cloud, version=version)
    assert str(refused.value) == f'Platform "p": kubernetes.create.version {sentence}'


def test_a_version_that_is_known_later_is_passed_on_checked(cloud: Run) -> None:
    """The value that is passed on is the checked one, not the raw one."""
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
def test_a_network_that_a_cluster_can_be_created_in(cloud: Run, network: dict[str, Any]) -> None:
    assert created(cloud, network).inputs("eks:index:Cluster", "p-eks")["ipFamily"] == "ipv6"


@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (
            {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": "ipv4"},
            "network.ip_family must be dualstack for kubernetes.create, whose pods have IPv6 addresses, got ipv4; "
            "leave it out, or adopt a cluster with existing.",
        ),
        (
            {"zones": ["eu-central-1a", "eu-central-1b"], "ip_family": IpFamily.IPV4},
            "network.ip_family must be dualstack for kubernetes.create, whose pods have IPv6 addresses, got ipv4; "
            "leave it out, or adopt a cluster with existing.",
        ),
        (
            {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1", "subnet-2"]}},
            "network.existing.dualstack must be true for kubernetes.create, whose pods have IPv6 addresses, got False; "
            "say so where its subnets have IPv6 addresses, give them some where they have not, or adopt a cluster with "
            "existing.",
        ),
        (
            {"zones": ["eu-central-1a"]},
            "network.zones must name at least 2 for kubernetes.create, got 1; EKS wants two zones, add one.",
        ),
        (
            {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"], "dualstack": True}},
            "network.existing.private_subnet_ids must name at least 2 for kubernetes.create, got 1; "
            "EKS wants two zones, add one.",
        ),
    ],
)
def test_a_network_that_no_cluster_can_be_created_in(cloud: Run, network: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        created(cloud, network)
    assert str(refused.value) == f'Platform "p": {sentence}'


def test_keda_gets_a_role_of_its_own_that_looks_at_queues_and_nothing_else(cloud: Run) -> None:
    existing = {"kubeconfig": "{}", "oidc_provider_arn": OIDC}
    args: Any = {"adapter": {"uri": "r/a:1"}, "kubernetes": {"existing": existing, "addons": {"keda": True}}}
    made = cloud(lambda: Platform("p", args))
    [may] = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "p-keda-reads")["policy"])["Statement"]
    assert (may["Action"], may["Resource"]) == (["sqs:GetQueueAttributes"], [f"arn:aws:sqs:{REGION}:{ACCOUNT}:*"])
    [trust] = json.loads(made.inputs("aws:iam/role:Role", "p-keda-role")["assumeRolePolicy"])["Statement"]
    assert (trust["Action"], trust["Principal"]) == ("sts:AssumeRoleWithWebIdentity", {"Federated": OIDC})
    wanted = {"oidc.example/id/1:aud": "sts.amazonaws.com"}
    wanted["oidc.example/id/1:sub"] = "system:serviceaccount:keda:keda-operator"
    assert trust["Condition"] == {"StringEquals": wanted}
    release = made.inputs("kubernetes:helm.sh/v3:Release", "p-keda")
    assert release["values"] == {"podIdentity": {"aws": {"irsa": {"enabled": True, "roleArn": "arn:p-keda-role"}}}}


def test_keda_that_was_there_before_keeps_its_role(cloud: Run) -> None:
    args: Any = {
        "adapter": {"uri": "r/a:1"},
        "kubernetes": {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}},
    }
    assert not any("p-keda-role" in each for each in cloud(lambda: Platform("p", args)).registered())


@pytest.mark.parametrize(
    ("kubernetes", "said"),
    [
        ({}, "kubernetes must have exactly one of existing, create, got none of them"),
        ({"create": {}}, "kubernetes.create needs network, the VPC that the cluster is in"),
        ({"existing": {"kubeconfig": "x"}}, "kubernetes.existing.oidc_provider_arn is missing"),
        (
            {"existing": {"kubeconfig": "x", "oidc_provider_arn": OIDC, "security_groups": "yes"}},
            "kubernetes.existing.security_groups must be true or false, got 'yes'",
        ),
        ({"create": {}, "maximum_pods": 0}, "kubernetes.maximum_pods must be a whole number above 0, got 0"),
        ({"create": {}, "namespace": "Not Good"}, "kubernetes.namespace must be a name of Kubernetes"),
        ({"create": {}, "addons": {"keda": "yes"}}, "kubernetes.addons.keda must be true or false, got 'yes'"),
        ({"create": {}, "addons": {"kedda": True}}, 'did you mean "keda"?'),
    ],
)
def test_a_cluster_that_is_not_described_well(cloud: Run, kubernetes: Any, said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        cloud(lambda: Platform("p", {"kubernetes": kubernetes, "adapter": {"uri": "x"}}))
    assert said in str(refused.value)


def test_a_created_cluster_keeps_audit_logs_and_its_api_to_these_blocks(cloud: Run) -> None:
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": {"public_access_cidrs": ["203.0.113.0/24"]}},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    cluster = cloud(lambda: Platform("p", args)).inputs("eks:index:Cluster", "p-eks")
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert cluster["enabledClusterLogTypes"] == ["audit", "authenticator"]
    assert cluster["corednsAddonOptions"] == {"enabled": False}


@pytest.mark.parametrize("block", ["203.0.113.7/24", "203.0.113.7", "office", 7])
def test_what_is_no_block_of_addresses_is_refused(block: Any) -> None:
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": {"public_access_cidrs": [block]}},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    with pytest.raises(DefinitionError, match=r"public_access_cidrs\[0\] must be"):
        resolve_platform("p", args)


@pytest.mark.parametrize("name", ["Shared", "sg-shared", "p" * 41, "shared-"])
def test_a_platforms_name_is_one_that_kubernetes_and_iam_take(name: str) -> None:
    with pytest.raises(DefinitionError, match="name must be at most 40 lower-case letters, digits and dashes"):
        resolve_platform(name, {"kubernetes": {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}}})

"""A platform creates or adopts a Kubernetes cluster."""

import json
from pathlib import Path
from typing import Any

from intermodal import Platform
from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.platform.kubernetes_cluster import OIDC, handle_of, register_created


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
    assert made.list_registrations() == [
        "intermodal:index:Platform p",
        "kubernetes:core/v1:Namespace p-namespace",
        "kubernetes:keda.sh/v1alpha1:TriggerAuthentication p-keda",
        "kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue p-cluster-queue",
        "kubernetes:kueue.x-k8s.io/v1beta1:LocalQueue p-queue",
        "kubernetes:kueue.x-k8s.io/v1beta1:ResourceFlavor p-flavor",
    ]
    provider = made.inputs("pulumi:providers:kubernetes", "p-kubernetes")
    assert provider["clusterIdentifier"] == "p-kubernetes"
    assert "deleteUnreachable" not in provider  # an object still exists, even if it is unreachable for a moment
    assert provider["enableSecretMutable"] == "true"
    assert seen[0]["kubernetes_namespace"] == "functions"
    assert seen[0]["kubernetes_queue"] == "functions"
    assert seen[0]["kubernetes_security_groups"] is False
    assert seen[0]["kubernetes_environment"] == {"A": "b"}
    labels = made.inputs("kubernetes:core/v1:Namespace", "p-namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_pod_security_groups_exist_if_declared_or_created(cloud: Run) -> None:
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
    assert cluster["endpointPublicAccess"] is True, "the plugin waits for the API server only if this is explicit"
    releases = {
        key.split(" ")[1]: made.resources[key].inputs for key in made.list_registrations() if ":Release " in key
    }
    assert sorted(releases) == ["p-external-secrets", "p-keda", "p-kueue"]
    assert all(release["version"] for release in releases.values())


def test_fluent_bit_ships_logs_under_its_own_role(cloud: Run) -> None:
    made = register_created(cloud)
    values = made.inputs("kubernetes:helm.sh/v3:Release", "p-fluent-bit")["values"]
    assert values["serviceAccount"] == {
        "name": "fluent-bit",
        "annotations": {"eks.amazonaws.com/role-arn": "arn:p-fluent-bit-role"},
    }
    config = {kind: _section(text) for kind, text in values["config"].items()}
    assert config["service"]["HTTP_Listen"] == "[::]", "probes use IPv6"
    assert config["inputs"]["Path"] == "/var/log/containers/*_functions_*.log"
    assert config["inputs"]["DB"] == "/var/fluent-bit/state/intermodal.db"
    (mount,), (volume,) = values["extraVolumeMounts"], values["extraVolumes"]
    assert (mount["name"], mount["mountPath"]) == (volume["name"], volume["hostPath"]["path"])
    assert Path(config["inputs"]["DB"]).parent == Path(mount["mountPath"]), "the read position outlives the pod"
    assert values["tolerations"] == [ARM_TOLERATED], "log lines from functions on arm64 are shipped as well"
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
    """Return the keys and values below one section's header."""
    return {key: value.strip() for key, _, value in (line.strip().partition(" ") for line in text.splitlines()[1:])}


RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def test_pods_in_a_created_cluster_can_resolve_dns(cloud: Run) -> None:
    made = register_created(cloud)
    assert made.inputs("eks:index:Cluster", "p-eks")["skipDefaultSecurityGroups"] is True
    group = made.inputs("aws:ec2/securityGroup:SecurityGroup", "p-pods")
    assert (group["vpcId"], group.get("ingress"), group.get("egress")) == ("p-network-vpc-id", None, None)
    rules = {key.split(" ")[1]: made.resources[key].inputs for key in made.list_registrations() if key.startswith(RULE)}
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


def test_existing_clusters_security_groups_are_kept(cloud: Run) -> None:
    existing = {"kubeconfig": "{}", "oidc_provider_arn": OIDC, "security_groups": True}
    handle = handle_of(cloud, {"existing": existing})
    assert (handle["kubernetes_pod_security_group_id"], handle["kubernetes_in_network"]) == (None, False)


def test_created_cluster_enforces_network_policies(cloud: Run) -> None:
    key = ("kubernetes:core/v1:ConfigMap", "p-network-policies")
    made = register_created(cloud).inputs(*key)
    assert (made["metadata"]["name"], made["metadata"]["namespace"]) == ("amazon-vpc-cni", "kube-system")
    assert made["data"] == {"enable-network-policy-controller": "true"}
    existing = {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}}
    adopted: Any = {"kubernetes": existing, "adapter": {"uri": "r/a:1"}}
    assert not any("ConfigMap" in each for each in cloud(lambda: Platform("p", adopted)).list_registrations())


def test_created_cluster_has_tainted_arm64_nodes(cloud: Run) -> None:
    pool = register_created(cloud).inputs("kubernetes:karpenter.sh/v1:NodePool", "p-arm64")
    spec = pool["spec"]["template"]["spec"]
    assert spec["nodeClassRef"] == {"group": "eks.amazonaws.com", "kind": "NodeClass", "name": "default"}
    wanted = {each["key"]: each["values"] for each in spec["requirements"]}
    assert (wanted["kubernetes.io/arch"], wanted["karpenter.sh/capacity-type"]) == (["arm64"], ["on-demand"])
    assert (spec["expireAfter"], spec["terminationGracePeriod"]) == ("336h", "24h0m0s"), (
        "twelve hours of work can finish"
    )
    assert spec["taints"] == [{"key": ARM_TOLERATED["key"], "value": "arm64", "effect": ARM_TOLERATED["effect"]}]


def test_keda_role_reads_queue_attributes_only(cloud: Run) -> None:
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


def test_existing_keda_keeps_its_role(cloud: Run) -> None:
    args: Any = {
        "adapter": {"uri": "r/a:1"},
        "kubernetes": {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}},
    }
    assert not any("p-keda-role" in each for each in cloud(lambda: Platform("p", args)).list_registrations())


def test_created_cluster_keeps_audit_logs_and_limits_its_api(cloud: Run) -> None:
    args: Any = {
        "network": {"zones": ["eu-central-1a", "eu-central-1b"]},
        "kubernetes": {"create": {"public_access_cidrs": ["203.0.113.0/24"]}},
        "adapter": {"uri": "registry.example/adapter:1"},
    }
    cluster = cloud(lambda: Platform("p", args)).inputs("eks:index:Cluster", "p-eks")
    assert cluster["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert cluster["enabledClusterLogTypes"] == ["audit", "authenticator"]
    assert cluster["corednsAddonOptions"] == {"enabled": False}

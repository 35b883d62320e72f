"""The Kubernetes target registers the right objects for a lane."""

import dataclasses
import json
import re
from typing import Any

import pytest

from intermodal import ContainerFunction, DefinitionError
from intermodal.platform.facts import require_kubernetes
from intermodal.platform.handle import normalize, parse_facts
from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.targets.kubernetes_lane import BASE, CLUSTER, OIDC, function, job, pod, variables


def test_lane_creates_scaled_job_account_and_network_policy(cloud: Run) -> None:
    ours = set(function(cloud).list_registrations()) - set(function(cloud, target="lambda").list_registrations())
    assert ours == {
        "kubernetes:core/v1:ServiceAccount scan-main-account",
        "kubernetes:keda.sh/v1alpha1:ScaledJob scan-main-jobs",
        "kubernetes:networking.k8s.io/v1:NetworkPolicy scan-main-network",
    }


def test_changing_target_changes_nothing_else(cloud: Run) -> None:
    both = function(cloud), function(cloud, target="lambda")
    shared = sorted(set(both[0].resources) & set(both[1].resources))
    assert any("scan-role" in key for key in shared)
    assert [dict(both[0].resources[key].inputs) for key in shared] == [
        dict(both[1].resources[key].inputs) for key in shared
    ]


@pytest.mark.parametrize(("architecture", "label"), [("arm64", "arm64"), ("x86_64", "amd64")])
def test_pod_runs_on_tainted_nodes_of_its_architecture(cloud: Run, architecture: str, label: str) -> None:
    spec = pod(function(cloud, architecture=architecture))
    assert spec["nodeSelector"] == {"kubernetes.io/arch": label}
    assert spec["tolerations"] == [{"key": "kubernetes.io/arch", "operator": "Exists", "effect": "NoSchedule"}]


def test_role_trusts_only_its_lanes_service_accounts(cloud: Run) -> None:
    trust = json.loads(function(cloud).inputs("aws:iam/role:Role", "scan-role")["assumeRolePolicy"])
    pods = trust["Statement"][-1]
    assert pods["Principal"] == {"Federated": OIDC}
    assert pods["Condition"] == {
        "StringEquals": {"oidc.example/id/1:aud": "sts.amazonaws.com"},
        "StringLike": {"oidc.example/id/1:sub": "system:serviceaccount:functions:proj-dev-scan.*"},
    }
    account = function(cloud).inputs("kubernetes:core/v1:ServiceAccount", "scan-main-account")
    assert account["metadata"]["name"] == "proj-dev-scan.main"
    assert account["automountServiceAccountToken"] is False


def test_scaled_job_ignores_messages_in_flight(cloud: Run) -> None:
    spec = job(function(cloud, maximum_concurrency=40))["spec"]
    assert spec["rollout"] == {"strategy": "gradual"}
    assert spec["scalingStrategy"] == {"strategy": "accurate"}
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (0, 40)
    (trigger,) = spec["triggers"]
    assert trigger == {
        "type": "aws-sqs-queue",
        "authenticationRef": {"name": "intermodal-keda"},
        "metadata": {
            "queueURL": "https://scan-main-inbox",
            "queueLength": "10",
            "awsRegion": REGION,
            "scaleOnInFlight": "false",
            "awsEndpoint": "http://10.0.0.1:4566",
        },
    }
    assert job(function(cloud))["metadata"]["annotations"] == {"pulumi.com/deletionPropagationPolicy": "orphan"}


def test_job_never_retries_and_ignores_evictions(cloud: Run) -> None:
    spec = job(function(cloud, timeout_seconds=3600))["spec"]["jobTargetRef"]
    assert (spec["backoffLimit"], spec["parallelism"], spec["completions"]) == (0, 1, 1)
    assert "activeDeadlineSeconds" not in spec, "it would count while the pod is waiting for a node"
    assert spec["template"]["spec"]["activeDeadlineSeconds"] == 3600 + 1200
    assert spec["ttlSecondsAfterFinished"] == 600
    assert spec["podFailurePolicy"]["rules"] == [
        {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]},
        {"action": "FailJob", "onExitCodes": {"containerName": "waiter", "operator": "NotIn", "values": [0]}},
    ]
    annotations = spec["template"]["metadata"]["annotations"]
    assert annotations["karpenter.sh/do-not-disrupt"] == "true"
    assert annotations["intermodal/log-group"] == "scan-logs"


def test_adapter_and_app_are_sidecars_before_the_waiter(cloud: Run) -> None:
    found = pod(function(cloud))
    adapter, app = found["initContainers"]
    assert [one["name"] for one in (adapter, app)] == ["adapter", "app"]
    assert [one["restartPolicy"] for one in (adapter, app)] == ["Always", "Always"]
    assert [one["name"] for one in found["containers"]] == ["waiter"]
    assert "gate" in adapter["lifecycle"]["postStart"]["exec"]["command"]
    assert not {"command", "args"} & set(app)
    assert found["shareProcessNamespace"] is True, "as PID 1, the app would ignore SIGTERM for the whole grace period"
    assert found["restartPolicy"] == "Never"


@pytest.mark.parametrize(("timeout", "grace"), [(20, 120), (600, 630), (42_000, 3600)])
def test_pod_grace_period_covers_the_work(cloud: Run, timeout: int, grace: int) -> None:
    found = pod(function(cloud, timeout_seconds=timeout))
    assert found["terminationGracePeriodSeconds"] == grace
    arguments = found["initContainers"][0]["args"]
    assert arguments[-1] == str(grace)
    assert arguments[-2] == "--grace-seconds"


def test_adapter_can_see_the_apps_processes(cloud: Run) -> None:
    found = pod(function(cloud))
    adapter, app = found["initContainers"]
    assert found["shareProcessNamespace"] is True
    assert adapter["args"][adapter["args"].index("--app-user") + 1] == str(int(app["securityContext"]["runAsUser"]))
    assert adapter["securityContext"]["runAsUser"] != app["securityContext"]["runAsUser"]


def test_pod_meets_the_restricted_standard(cloud: Run) -> None:
    found = pod(function(cloud))
    assert found["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert found["automountServiceAccountToken"] is False
    users = []
    for container in [*found["initContainers"], *found["containers"]]:
        context = container["securityContext"]
        assert context["allowPrivilegeEscalation"] is False
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["readOnlyRootFilesystem"] is True
        users.append(context["runAsUser"])
    assert users == [65532, 993, 65532]


def test_pods_assume_the_role_by_token(cloud: Run) -> None:
    found = pod(function(cloud))
    (token,) = found["volumes"][0]["projected"]["sources"]
    assert token["serviceAccountToken"]["audience"] == "sts.amazonaws.com"
    for container in found["initContainers"]:
        seen = variables(container)
        assert seen["AWS_ROLE_ARN"] == "arn:scan-role"
        assert seen["AWS_WEB_IDENTITY_TOKEN_FILE"] == "/var/run/secrets/intermodal/token"
        assert seen["AWS_STS_REGIONAL_ENDPOINTS"] == "regional"
        assert seen["AWS_ENDPOINT_URL"] == "http://10.0.0.1:4566"
    assert variables(found["initContainers"][1])["LEVEL"] == "info"
    assert "LEVEL" not in variables(found["initContainers"][0])


@pytest.mark.parametrize(("timeout_seconds", "token_seconds"), [(60, 3600), (40_000, 2 * 600 + 40_000 + 3600)])
def test_token_outlives_the_longest_job(cloud: Run, timeout_seconds: int, token_seconds: int) -> None:
    (token,) = pod(function(cloud, timeout_seconds=timeout_seconds))["volumes"][0]["projected"]["sources"]
    assert token["serviceAccountToken"]["expirationSeconds"] == token_seconds


def test_kueue_label_is_on_the_jobs_metadata(cloud: Run) -> None:
    found = job(function(cloud, {"kubernetes_queue": "functions"}))["metadata"]["labels"]
    assert found["kueue.x-k8s.io/queue-name"] == "functions"
    assert "kueue.x-k8s.io/queue-name" not in job(function(cloud))["metadata"]["labels"]


def test_priority_class_is_set_on_the_pod(cloud: Run) -> None:
    assert pod(function(cloud, {"kubernetes_priority_class": "batch"}))["priorityClassName"] == "batch"
    assert pod(function(cloud)).get("priorityClassName") is None


@pytest.mark.parametrize(
    "args", [{"maximum_concurrency": 0}, {"lanes": [{"name": "main", "target": "kubernetes", "paused": True}]}]
)
def test_a_paused_lane_starts_no_job(cloud: Run, args: dict[str, Any]) -> None:
    base = {"target": None} if "lanes" in args else {}
    made = function(cloud, **base, **args)
    assert job(made)["metadata"]["annotations"]["autoscaling.keda.sh/paused"] == "true"


def test_lane_without_the_platforms_provider_is_refused(cloud: Run) -> None:
    """The lane would otherwise land in the current kubectl context."""
    definition: Any = {**BASE, "platform": CLUSTER}
    with pytest.raises(DefinitionError, match=r"pass ResourceOptions\(providers=platform.providers\)"):
        cloud(lambda: ContainerFunction("scan", definition))


def test_custom_trust_must_allow_pods(cloud: Run) -> None:
    pods = {"cluster_arn": "arn:cluster", "namespace": "functions", "service_account": "scan"}
    for trust in (["lambda"], [{"pods": pods}]):  # there is no Pod Identity association, and SDKs use the token first
        with pytest.raises(DefinitionError, match='trust must include oidc, because lane "main" is on target kub'):
            function(cloud, trust=trust)


def test_adopted_role_must_trust_pods(cloud: Run) -> None:
    role = {"arn": f"arn:aws:iam::{ACCOUNT}:role/scan"}
    function(cloud, target="lambda", role=role)  # the only target that this role trusts
    with pytest.raises(ValueError, match=f"role.arn must trust {OIDC}, but role scan does not"):
        function(cloud, role=role)


@pytest.mark.parametrize("name", ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"])
def test_variable_used_for_the_pods_role_is_refused(cloud: Run, name: str) -> None:
    function(cloud, target="lambda", environment={name: "x"})
    with pytest.raises(DefinitionError, match=f"environment.{name} is reserved by target kubernetes"):
        function(cloud, environment={name: "x"})


def test_platform_without_a_cluster_is_refused() -> None:
    facts = parse_facts(normalize("F", CLUSTER))
    assert require_kubernetes("F", facts).namespace == "functions"
    with pytest.raises(DefinitionError, match=r"platform must have a Kubernetes cluster .*, but has none"):
        require_kubernetes("F", dataclasses.replace(facts, kubernetes=None))


def test_handler_gets_every_byte_of_a_variable(cloud: Run) -> None:
    """The kubelet expands `$(NAME)` and turns `$$` into `$`; the Job reverses both."""
    given = {"PASSWORD": "pa$$word", "TEMPLATE": "run $(AWS_REGION)", "PLAIN": "a 'b' \"c\" \\ d\ne"}
    seen = variables(pod(function(cloud, environment=given))["initContainers"][1])
    assert {name: expand(seen[name]) for name in given} == given


def expand(text: str) -> str:
    """Return the kubelet's expansion of a variable without references (third_party/forked/golang/expansion)."""
    return re.sub(r"\$(\$|\(\w+\))", lambda found: "$" if found[1] == "$" else "(expanded)", text)

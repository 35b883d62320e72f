"""Target `ecs`: what it registers, and the inputs that keep messages and work safe."""

import json
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal import ContainerFunction, DefinitionError, Platform
from intermodal.fit import task_size
from intermodal.function.resolve import resolve
from intermodal.platform.ecr import repository_of
from intermodal.platform.handle import ADDED
from intermodal.targets import ecs_task, k8s_job
from intermodal.targets.ecs_task import with_cluster
from tests.conftest import ACCOUNT, REGION, Cloud, Run
from tests.unit.targets.metric_math import evaluate

LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:scan-logs"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/work"
HANDLE: dict[str, Any] = {
    **ADDED[2],
    "version": 2,
    "region": REGION,
    "account_id": ACCOUNT,
    "vpc_id": "vpc-1",
    "private_subnet_ids": ["subnet-1", "subnet-2"],
    "dualstack": True,
    "bus_name": "",
    "bus_arn": "",
    "adapter_image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/adapter@sha256:1",
    "ecs_cluster_arn": CLUSTER,
    "ecs_capacity_provider": "FARGATE",
}
BASE: dict[str, Any] = {
    "image": {"uri": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/team/scan@sha256:" + "0" * 64},
    "target": "ecs",
    "vpc": True,
    "platform": HANDLE,
    "environment": {"LEVEL": "info"},
}


def function(cloud: Run, **args: Any) -> Cloud:
    """A function on ECS."""
    definition: Any = {**BASE, **args}
    return cloud(lambda: ContainerFunction("scan", definition))


def containers(made: Cloud) -> dict[str, dict[str, Any]]:
    """Container definitions by name."""
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    return {one["name"]: one for one in json.loads(task["containerDefinitions"])}


def test_a_lane_is_a_service_with_its_roles_and_its_scaling(cloud: Run) -> None:
    made = function(cloud)
    ours = set(made.registered()) - set(function(cloud, target="lambda").registered())
    assert ours == {
        "aws:appautoscaling/policy:Policy scan-main-reduce",
        "aws:appautoscaling/policy:Policy scan-main-start",
        "aws:appautoscaling/policy:Policy scan-main-stop",
        "aws:appautoscaling/target:Target scan-main-scaling",
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-main-idle",
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-main-surplus",
        "aws:cloudwatch/metricAlarm:MetricAlarm scan-main-waiting",
        "aws:ecs/service:Service scan-main-service",
        "aws:ecs/taskDefinition:TaskDefinition scan-main-task",
        "aws:iam/role:Role scan-main-exec",
        "aws:iam/rolePolicy:RolePolicy scan-main-execution",
        "aws:scheduler/schedule:Schedule scan-main-active",
    }


def test_a_change_of_target_leaves_inbox_role_logs_and_security_group_as_they_are(cloud: Run) -> None:
    """What is not the consumer's has the same inputs on both targets: nothing to update, nothing to replace."""
    both = function(cloud), function(cloud, target="lambda")
    shared = sorted(set(both[0].resources) & set(both[1].resources))
    assert any("scan-main-inbox" in key for key in shared)
    assert any("scan-role" in key for key in shared)
    assert [dict(both[0].resources[key].inputs) for key in shared] == [
        dict(both[1].resources[key].inputs) for key in shared
    ]


def test_the_containers_start_and_stop_in_an_order_that_loses_nothing(cloud: Run) -> None:
    found = containers(function(cloud))
    assert list(found) == ["adapter", "gate", "app", "waiter"]
    adapter, gate, app, waiter = found.values()
    assert [one["essential"] for one in found.values()] == [True, False, True, True]
    assert gate["dependsOn"] == [{"containerName": "adapter", "condition": "START"}]
    assert app["dependsOn"] == [{"containerName": "gate", "condition": "SUCCESS"}]
    assert waiter["dependsOn"] == [{"containerName": "app", "condition": "START"}]
    assert "dependsOn" not in adapter
    assert [adapter["stopTimeout"], waiter["stopTimeout"], app["stopTimeout"]] == [120, 120, 30]
    assert app["linuxParameters"] == {"initProcessEnabled": True}
    assert not {"entryPoint", "command"} & set(app)
    assert [one["user"] for one in found.values()] == ["65532:65532", "0", "993:990", "65532:65532"]
    assert all(one["readonlyRootFilesystem"] for one in found.values())
    mount = {"sourceVolume": "tmp", "containerPath": "/tmp"}  # noqa: S108 - of a container
    assert [one.get("mountPoints") for one in found.values()] == [None, [mount], [mount], None]
    for ours in (adapter, gate, waiter):
        assert ours["image"] == HANDLE["adapter_image"]


def test_the_adapter_is_told_of_its_queue_and_the_app_what_lambda_would_tell_it(cloud: Run) -> None:
    adapter, _, app, _ = containers(function(cloud, memory_mib=1024, timeout_seconds=3600)).values()
    words = adapter["command"]
    assert words[0] == "adapter"
    words.remove("--wait-for-stop")
    told = dict(zip(words[1::2], words[2::2], strict=True))
    assert told == {
        "--queue-url": "https://scan-main-inbox",
        "--queue-arn": "arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox",
        "--account": ACCOUNT,
        "--function": "proj-dev-scan-main",
        "--lane": "main",
        "--target": "ecs",
        "--timeout-seconds": "3600",
        "--memory-mib": "1024",
        "--log-group": "scan-logs",
        "--grace-seconds": "120",
        "--app-container": "app",
        "--run-seconds": "14400",
        "--run-jitter-seconds": "3600",
    }
    assert {one["name"]: one["value"] for one in app["environment"]} == {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_NAME": "proj-dev-scan-main",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": "scan-logs",
        "AWS_LAMBDA_LOG_STREAM_NAME": "ecs/scan-main",
        "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001",
        "AWS_REGION": REGION,
        "LEVEL": "info",
    }
    assert app["memory"] == 1024


def test_logs_go_to_the_functions_group_without_blocking_the_work(cloud: Run) -> None:
    """The default mode drops silently from a small buffer since 2025-06, so it is said which one and how large."""
    for name, container in containers(function(cloud)).items():
        assert container["logConfiguration"] == {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": "scan-logs",
                "awslogs-region": REGION,
                "awslogs-stream-prefix": f"ecs/main-{name}",
                "mode": "non-blocking",
                "max-buffer-size": "25m",
            },
        }


@pytest.mark.parametrize(
    ("provider", "compatibility"), [("FARGATE", "FARGATE"), ("FARGATE_SPOT", "FARGATE"), ("ours", "EC2")]
)
@pytest.mark.parametrize(("architecture", "cpu"), [("x86_64", "X86_64"), ("arm64", "ARM64")])
def test_capacity_and_architecture_reach_the_task(
    cloud: Run, provider: str, compatibility: str, architecture: str, cpu: str
) -> None:
    handle = {**HANDLE, "ecs_capacity_provider": provider}
    made = function(cloud, platform=handle, architecture=architecture)
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    assert task["requiresCompatibilities"] == [compatibility]
    assert task["runtimePlatform"] == {"cpuArchitecture": cpu, "operatingSystemFamily": "LINUX"}
    assert (task["cpu"], task["memory"], task["networkMode"]) == ("256", "1024", "awsvpc")
    service = made.inputs("aws:ecs/service:Service", "scan-main-service")
    assert service["capacityProviderStrategies"] == [{"capacityProvider": provider, "weight": 1}]


def test_a_service_is_in_the_vpc_and_nothing_but_scaling_moves_its_tasks(cloud: Run) -> None:
    service = function(cloud).inputs("aws:ecs/service:Service", "scan-main-service")
    assert service["networkConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["scan-security-group-id"],
        "assignPublicIp": False,
    }
    assert service["availabilityZoneRebalancing"] == "DISABLED"
    assert (service["cluster"], service["desiredCount"]) == (CLUSTER, 0)


@pytest.mark.parametrize(
    ("lane", "most"), [({}, 10), ({"maximum_concurrency": 40}, 40), ({"maximum_concurrency": 0}, 0)]
)
def test_maximum_concurrency_is_the_most_tasks(cloud: Run, lane: dict[str, int], most: int) -> None:
    scaled = function(cloud, **lane).inputs("aws:appautoscaling/target:Target", "scan-main-scaling")
    assert (scaled["minCapacity"], scaled["maxCapacity"]) == (0, most)


@pytest.mark.parametrize(
    ("waiting", "empty", "age", "wanted"),
    [
        (0, 0, 0, 0),
        (3, 0, 10, 3),
        (3, None, None, 3),
        (3, 6, 10, 0),  # tasks that are there receive nothing: they take it at their next receive
        (3, 6, 300, 3),  # what receives nothing is somebody else, and the message is late
        (0, 6, 3600, 0),  # an hour of work is as old, and no reason for another task
        (None, None, None, None),  # the newest minute, whose data is late, is no minute without messages
    ],
)
def test_a_task_is_started_for_what_nobody_receives(
    cloud: Run, waiting: float | None, empty: float | None, age: float | None, wanted: float | None
) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-waiting")
    metrics = {"waiting": waiting, "empty": empty, "age": age}
    assert evaluate(_expression(alarm["metricQueries"]), metrics) == wanted


@pytest.mark.parametrize(
    ("waiting", "empty", "seen"), [(0, 9, 9), (None, 9, 9), (2, 9, 0), (0, None, None), (None, None, None)]
)
def test_tasks_are_reduced_by_what_is_received_empty(
    cloud: Run, waiting: float | None, empty: float | None, seen: float | None
) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-surplus")
    assert evaluate(_expression(alarm["metricQueries"]), {"waiting": waiting, "empty": empty}) == seen


@pytest.mark.parametrize(("received", "idle"), [(0, True), (1, False), (None, True)])
def test_a_queue_that_something_was_received_from_is_not_idle(cloud: Run, received: float | None, idle: bool) -> None:
    alarm = function(cloud).inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-idle")
    value = evaluate(_expression(alarm["metricQueries"]), {"waiting": 0.0, "working": None, "received": received})
    assert value is not None
    assert (value <= alarm["threshold"]) is idle


def test_a_silent_inbox_is_called_every_five_hours(cloud: Run) -> None:
    made = function(cloud)
    schedule = made.inputs("aws:scheduler/schedule:Schedule", "scan-main-active")
    assert schedule["scheduleExpression"] == "rate(5 hours)"
    assert schedule["target"]["arn"] == "arn:aws:scheduler:::aws-sdk:sqs:untagQueue"
    assert json.loads(schedule["target"]["input"])["QueueUrl"] == "https://scan-main-inbox"
    trust = json.loads(made.inputs("aws:iam/role:Role", "scan-main-exec")["assumeRolePolicy"])
    assert trust["Statement"][1]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"},
    }


def _expression(queries: list[dict[str, Any]]) -> str:
    (returned,) = [query for query in queries if query.get("returnData")]
    return str(returned["expression"])


def test_no_container_counts_on_being_started_again(cloud: Run) -> None:
    """Row C8: ECS starts none again that ends within its first minute; its task ends and another is started."""
    for one in containers(function(cloud)).values():
        assert "restartPolicy" not in one


def test_a_paused_lane_has_no_task(cloud: Run) -> None:
    lanes = [{"name": "main", "target": "ecs", "paused": True}]
    definition: Any = {key: value for key, value in BASE.items() if key != "target"} | {"lanes": lanes}
    made = cloud(lambda: ContainerFunction("scan", definition))
    assert made.inputs("aws:appautoscaling/target:Target", "scan-main-scaling")["maxCapacity"] == 0
    alarm = made.inputs("aws:cloudwatch/metricAlarm:MetricAlarm", "scan-main-idle")
    [expression] = [query["expression"] for query in alarm["metricQueries"] if "expression" in query]
    for waiting in (0.0, 7.0, None):  # whatever waits and is in work: only a scale-in brings tasks down
        value = evaluate(expression, {"waiting": waiting, "working": 3.0, "received": 5.0})
        assert value is not None
        assert value <= alarm["threshold"]
    assert alarm["evaluationPeriods"] == 1


def test_the_execution_role_is_not_the_functions_and_may_only_start_containers(cloud: Run) -> None:
    made = function(cloud)
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    assert (task["executionRoleArn"], task["taskRoleArn"]) == ("arn:scan-main-exec", "arn:scan-role")
    policy = json.loads(made.inputs("aws:iam/rolePolicy:RolePolicy", "scan-main-execution")["policy"])
    assert {statement["Sid"]: statement["Resource"] for statement in policy["Statement"]} == {
        "Logs": [LOGS, f"{LOGS}:*"],
        "Token": ["*"],
        "Active": ["arn:aws:sqs:eu-central-1:123456789012:scan-main-inbox"],
        "Pull": [f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{name}" for name in ("adapter", "team/scan")],
    }


@pytest.mark.parametrize("target", ["ecs", "lambda"])
def test_a_task_may_protect_itself_and_no_task_of_another_cluster(cloud: Run, target: str) -> None:
    """Whatever the target is: a task outlives its lane where a move was interrupted."""
    policy = json.loads(
        function(cloud, target=target).inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"]
    )
    (statement,) = [statement for statement in policy["Statement"] if statement["Sid"] == "Protect"]
    assert statement["Action"] == ["ecs:UpdateTaskProtection"]
    assert statement["Resource"] == [f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/work/*"]


def test_the_role_trusts_what_the_platform_offers_whatever_the_target(cloud: Run) -> None:
    for target in ("lambda", "ecs"):
        trust = json.loads(function(cloud, target=target).inputs("aws:iam/role:Role", "scan-role")["assumeRolePolicy"])
        services = [statement["Principal"]["Service"] for statement in trust["Statement"]]
        assert services == ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"vpc": False}, "vpc must be true for target ecs, whose tasks are in a VPC; set it."),
        ({"memory_mib": 300_000}, "memory_mib must be at most 249728 for target ecs, got 300000; change it."),
        (
            {"memory_mib": 512, "vcpu": 64},
            "memory_mib and vcpu must fit a Fargate size for target ecs, got 512 and 64; "
            "the largest has 32 vCPU, and 16 vCPU go up to 122752 MiB.",
        ),
        (
            {"timeout_seconds": 43_200},
            "timeout_seconds must be at most 42000 for target ecs, got 43200; lower it, or split the work.",
        ),
        (
            {"environment": {"AWS_ACCESS_KEY_ID": "x"}},
            "environment.AWS_ACCESS_KEY_ID is set by target ecs itself and cannot be given; use another name.",
        ),
    ],
)
def test_what_ecs_cannot_honour_is_one_sentence(cloud: Run, args: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        function(cloud, **args)
    assert str(refused.value) == f'ContainerFunction "scan": {sentence}'


def test_a_trust_of_your_own_has_to_name_the_target(cloud: Run) -> None:
    with pytest.raises(DefinitionError, match='trust must include ecs-tasks, because lane "main" is on target ecs'):
        function(cloud, trust=["lambda"])


def test_a_platform_without_a_cluster_is_refused_in_a_sentence() -> None:
    assert with_cluster("F", CLUSTER) == CLUSTER
    with pytest.raises(DefinitionError) as refused:
        with_cluster("F", "")
    assert str(refused.value) == (
        "F: target ecs needs a platform with an ECS cluster, and this one has none; give the platform ecs: {}."
    )


def test_a_platform_creates_a_cluster_or_takes_yours(cloud: Run) -> None:
    adapter = {"uri": "registry.example/adapter:1"}
    seen: list[Any] = []
    made = cloud(lambda: Platform("p", {"ecs": {}, "adapter": adapter}).handle.apply(seen.append))  # type: ignore[typeddict-item]
    assert made.registered() == [
        "aws:ecs/cluster:Cluster p-cluster",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders p-capacity",
        "intermodal:index:Platform p",
    ]
    assert seen[0]["ecs_cluster_arn"] == "arn:p-cluster"
    capacity = made.inputs("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "p-capacity")
    assert capacity["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"], "neither can be taken away from running tasks"
    ecs = {"existing": CLUSTER, "capacity_provider": "ours"}
    made = cloud(lambda: Platform("p", {"ecs": ecs, "adapter": adapter}).handle.apply(seen.append))  # type: ignore[typeddict-item]
    assert made.registered() == ["intermodal:index:Platform p"]
    assert (seen[1]["ecs_cluster_arn"], seen[1]["ecs_capacity_provider"]) == (CLUSTER, "ours")
    assert seen[1]["adapter_image"] == "registry.example/adapter:1"


def test_an_adapter_that_cannot_be_found_is_said(cloud: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match=r"give adapter\.uri, an image that you built from intermodal's runtime"):
        cloud(lambda: Platform("p", {"ecs": {}}))


@given(st.integers(128, 249_000), st.sampled_from([0, 0.25, 0.5, 1, 2, 4, 8, 16, 32]))
def test_a_size_holds_what_is_asked_and_no_smaller_one_does(memory: int, vcpu: float) -> None:
    size = task_size(memory, vcpu)
    if size is None:
        assert memory > 122_880 or vcpu > 32
        return
    assert size.memory_mib >= memory
    assert size.cpu >= vcpu * 1024
    smaller = task_size(memory - 1, vcpu)
    assert smaller is not None
    assert (smaller.cpu, smaller.memory_mib) <= (size.cpu, size.memory_mib)


@pytest.mark.parametrize(
    ("memory", "vcpu", "size"),
    [
        (640, 0, (256, 1024)),
        (2048, 0, (256, 2048)),
        (2049, 0, (512, 3072)),
        (512, 1, (1024, 2048)),
        (30721, 0, (8192, 32768)),
        (122_881, 0, (32768, 249_856)),
    ],
)
def test_sizes_are_fargates(memory: int, vcpu: float, size: tuple[int, int]) -> None:
    found = task_size(memory, vcpu)
    assert found is not None
    assert (found.cpu, found.memory_mib) == size


@pytest.mark.parametrize(
    ("image", "arn"),
    [
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/a/b:1", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/a/b"),
        (f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/a@sha256:0", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/a"),
        (f"{ACCOUNT}.dkr-ecr.{REGION}.on.aws/a", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/a"),
        (f"{ACCOUNT}.dkr.ecr-fips.{REGION}.amazonaws.com/a", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/a"),
        (
            f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1",
            f"arn:aws-cn:ecr:cn-north-1:{ACCOUNT}:repository/a",
        ),
        (
            f"{ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com/a:1",
            f"arn:aws-us-gov:ecr:us-gov-west-1:{ACCOUNT}:repository/a",
        ),
        ("public.ecr.aws/x/y:1", None),
        ("intermodal-local/examples/thumbnails:1", None),
    ],
)
def test_only_a_repository_of_ecr_has_to_be_pulled_with_a_permission(image: str, arn: str | None) -> None:
    found = repository_of(image)
    assert (found.arn if found else None) == arn


@pytest.mark.parametrize("target", [ecs_task.TARGET, k8s_job.TARGET], ids=["ecs", "kubernetes"])
def test_a_timeout_that_is_known_later_is_passed_on_checked(cloud: Run, target: Any) -> None:
    """The value that is passed on is the checked one, not the raw one."""
    late: list[Any] = []

    def program() -> None:
        spec, _ = resolve("scan", {**BASE, "timeout_seconds": pulumi.Output.from_input(40_000)})  # type: ignore[typeddict-item]
        late.append((spec.timeout_seconds, target.gate(spec).timeout_seconds))

    cloud(program)
    raw, checked = late[0]
    assert checked is not raw


def test_another_capacity_provider_replaces_no_service(cloud: Run) -> None:
    service = function(cloud).inputs("aws:ecs/service:Service", "scan-main-service")
    assert service["forceNewDeployment"] is True


def test_a_family_is_of_its_project_and_stack_and_its_revisions_stay_active(cloud: Run) -> None:
    task = function(cloud).inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    assert (task["family"], task["skipDestroy"]) == ("proj-dev-scan-main", True)

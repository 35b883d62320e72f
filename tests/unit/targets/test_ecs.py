"""The ECS target registers the right resources for a lane."""

import pytest

from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.targets.ecs_lane import CLUSTER, HANDLE, containers, function


def test_lane_creates_service_roles_and_scaling(cloud: Run) -> None:
    made = function(cloud)
    ours = set(made.list_registrations()) - set(function(cloud, target="lambda").list_registrations())
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


def test_target_change_leaves_stateful_resources_unchanged(cloud: Run) -> None:
    """Everything except the consumer has the same inputs on both targets: no update, no replacement."""
    both = function(cloud), function(cloud, target="lambda")
    shared = sorted(set(both[0].resources) & set(both[1].resources))
    assert any("scan-main-inbox" in key for key in shared)
    assert any("scan-role" in key for key in shared)
    assert [dict(both[0].resources[key].inputs) for key in shared] == [
        dict(both[1].resources[key].inputs) for key in shared
    ]


def test_containers_start_and_stop_in_order(cloud: Run) -> None:
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


def test_adapter_gets_its_queue_and_app_lambdas_variables(cloud: Run) -> None:
    adapter, _, app, _ = containers(function(cloud, memory_mib=1024, timeout_seconds=3600)).values()
    arguments = adapter["command"]
    assert arguments[0] == "adapter"
    arguments.remove("--wait-for-stop")
    options = dict(zip(arguments[1::2], arguments[2::2], strict=True))
    assert options == {
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


def test_logs_go_to_the_functions_group_without_blocking(cloud: Run) -> None:
    """Since 2025-06 the default mode drops lines silently from a small buffer, so mode and size are explicit."""
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
def test_task_has_the_capacity_and_architecture(
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


def test_service_is_in_the_vpc_and_scaled_from_zero(cloud: Run) -> None:
    service = function(cloud).inputs("aws:ecs/service:Service", "scan-main-service")
    assert service["networkConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["scan-security-group-id"],
        "assignPublicIp": False,
    }
    assert service["availabilityZoneRebalancing"] == "DISABLED"
    assert (service["cluster"], service["desiredCount"]) == (CLUSTER, 0)


def test_no_container_has_a_restart_policy(cloud: Run) -> None:
    """Row C8: ECS does not restart a container that exits within its first minute; the task stops and is replaced."""
    for one in containers(function(cloud)).values():
        assert "restartPolicy" not in one


def test_new_capacity_provider_does_not_replace_the_service(cloud: Run) -> None:
    service = function(cloud).inputs("aws:ecs/service:Service", "scan-main-service")
    assert service["forceNewDeployment"] is True


def test_task_family_contains_project_and_stack(cloud: Run) -> None:
    task = function(cloud).inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    assert (task["family"], task["skipDestroy"]) == ("proj-dev-scan-main", True)

"""The ECS target sets up the execution role, permissions and trust."""

import json

import pytest

from intermodal import DefinitionError
from intermodal.images.ecr import repository_of
from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.targets.ecs_lane import LOGS, function


def test_execution_role_may_only_start_containers(cloud: Run) -> None:
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
def test_task_may_protect_tasks_of_its_own_cluster_only(cloud: Run, target: str) -> None:
    """They are allowed on every target, because a task outlives its lane when a move is interrupted."""
    policy = json.loads(
        function(cloud, target=target).inputs("aws:iam/rolePolicy:RolePolicy", "scan-permissions")["policy"]
    )
    (statement,) = [statement for statement in policy["Statement"] if statement["Sid"] == "Protect"]
    assert statement["Action"] == ["ecs:UpdateTaskProtection"]
    assert statement["Resource"] == [f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/work/*"]


def test_role_trusts_every_target_on_the_platform(cloud: Run) -> None:
    for target in ("lambda", "ecs"):
        trust = json.loads(function(cloud, target=target).inputs("aws:iam/role:Role", "scan-role")["assumeRolePolicy"])
        services = [statement["Principal"]["Service"] for statement in trust["Statement"]]
        assert services == ["lambda.amazonaws.com", "ecs-tasks.amazonaws.com"]


def test_custom_trust_must_name_the_target(cloud: Run) -> None:
    with pytest.raises(DefinitionError, match='trust must include ecs-tasks, because lane "main" is on target ecs'):
        function(cloud, trust=["lambda"])


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
def test_only_ecr_needs_permission_to_pull(image: str, arn: str | None) -> None:
    found = repository_of(image)
    assert (found.arn if found else None) == arn

"""Command, temporary storage and batches are rendered on every target."""

import json
from typing import Any

import pytest

from intermodal import ContainerFunction, DefinitionError, Platform
from tests.conftest import IMAGE, Cloud, Run

OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1"
KUBERNETES: Any = {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC, "security_groups": True}}
PROCESS: Any = {"entry_point": ["run", "$HOME"], "command": ["app.$other"], "working_directory": "/srv"}
BATCHES: Any = {"batch_size": 100, "batch_window_seconds": 5, "report_batch_item_failures": False}


def render(cloud: Run, target: Any, capacity_provider: str = "FARGATE", **args: Any) -> Cloud:
    """Register a function on a platform with every cluster."""

    def program() -> None:
        platform = Platform(
            "p",
            network={"zones": ["eu-central-1a"], "nat": "single"},
            ecs={"capacity_provider": capacity_provider},
            kubernetes=KUBERNETES,
            adapter={"uri": IMAGE},
        )
        ContainerFunction("scan", image=IMAGE, target=target, platform=platform, vpc=True, **args)

    return cloud(program)


def find_container(made: Cloud, name: str) -> dict[str, Any]:
    """Return a task's container definition."""
    task = made.inputs("aws:ecs/taskDefinition:TaskDefinition", "scan-main-task")
    return next(each for each in json.loads(task["containerDefinitions"]) if each["name"] == name)


def find_pod(made: Cloud) -> dict[str, Any]:
    """Return a Job's pod."""
    jobs = made.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")
    pod: dict[str, Any] = jobs["spec"]["jobTargetRef"]["template"]["spec"]
    return pod


def test_lambda_overrides_the_images_process(cloud: Run) -> None:
    function = render(cloud, "lambda", **PROCESS).inputs("aws:lambda/function:Function", "scan-main-function")
    assert function["imageConfig"] == {
        "entryPoints": ["run", "$HOME"],
        "commands": ["app.$other"],
        "workingDirectory": "/srv",
    }


def test_task_overrides_the_images_process(cloud: Run) -> None:
    app = find_container(render(cloud, "ecs", **PROCESS), "app")
    assert (app["entryPoint"], app["command"], app["workingDirectory"]) == (["run", "$HOME"], ["app.$other"], "/srv")


def test_pod_overrides_the_process_with_escaped_dollars(cloud: Run) -> None:
    app = find_pod(render(cloud, "kubernetes", **PROCESS))["initContainers"][1]
    assert (app["command"], app["args"], app["workingDir"]) == (["run", "$$HOME"], ["app.$$other"], "/srv")


def test_every_target_gets_the_temporary_storage(cloud: Run) -> None:
    function = render(cloud, "lambda", ephemeral_storage_mib=4096).inputs(
        "aws:lambda/function:Function", "scan-main-function"
    )
    assert function["ephemeralStorage"] == {"size": 4096}
    task = render(cloud, "ecs", ephemeral_storage_mib=4097).inputs(
        "aws:ecs/taskDefinition:TaskDefinition", "scan-main-task"
    )
    assert task["ephemeralStorage"] == {"sizeInGib": 25}
    pod = find_pod(render(cloud, "kubernetes", ephemeral_storage_mib=4096))
    assert {"name": "tmp", "emptyDir": {"sizeLimit": "4Gi"}} in pod["volumes"]
    assert pod["initContainers"][1]["resources"]["requests"]["ephemeral-storage"] == "4Gi"


def test_task_on_ec2_cannot_reserve_storage(cloud: Run) -> None:
    with pytest.raises(ValueError, match="ephemeral_storage_mib has no effect on capacity provider machines"):
        render(cloud, "ecs", capacity_provider="machines", ephemeral_storage_mib=4096)


def test_mapping_has_the_batch_settings(cloud: Run) -> None:
    made = render(cloud, "lambda", **BATCHES)
    mapping = made.inputs("aws:lambda/eventSourceMapping:EventSourceMapping", "scan-main-mapping")
    assert (mapping["batchSize"], mapping["maximumBatchingWindowInSeconds"]) == (100, 5)
    assert "functionResponseTypes" not in mapping
    assert made.inputs("aws:sqs/queue:Queue", "scan-main-inbox")["visibilityTimeoutSeconds"] == 365


def test_adapter_has_the_batch_settings(cloud: Run) -> None:
    options = ["--batch-size", "100", "--window-seconds", "5", "--ignore-item-failures"]
    made = render(cloud, "kubernetes", **BATCHES)
    for words in (
        find_container(render(cloud, "ecs", **BATCHES), "adapter")["command"],
        find_pod(made)["initContainers"][0]["args"],
    ):
        at = words.index("--batch-size")
        assert words[at : at + 5] == options
    jobs = made.inputs("kubernetes:keda.sh/v1alpha1:ScaledJob", "scan-main-jobs")
    assert jobs["spec"]["triggers"][0]["metadata"]["queueLength"] == "100"


def test_maximum_receives_are_in_the_redrive_policy(cloud: Run) -> None:
    inbox = render(cloud, "lambda", maximum_receives=3).inputs("aws:sqs/queue:Queue", "scan-main-inbox")
    assert json.loads(inbox["redrivePolicy"])["maxReceiveCount"] == 3


def test_reserved_concurrency_is_for_lambda_only(cloud: Run) -> None:
    function = render(cloud, "lambda", reserved_concurrency=50).inputs(
        "aws:lambda/function:Function", "scan-main-function"
    )
    assert function["reservedConcurrentExecutions"] == 50
    text = "reserved_concurrency has no effect on target ecs, which has no account concurrency limit; use maximum_conc"
    with pytest.raises(DefinitionError, match=text):
        render(cloud, "ecs", reserved_concurrency=50)

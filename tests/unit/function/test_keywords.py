"""Arguments in a dict, as keywords, or in both; platforms and resources as objects."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, DefinitionError, LambdaResources, Network, Platform
from tests.conftest import IMAGE, Cloud, Run

OIDC = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/1"
KUBERNETES: Any = {"existing": {"kubeconfig": "{}", "oidc_provider_arn": OIDC}}


def inputs(cloud: Cloud) -> dict[str, Any]:
    """Return the inputs of every resource."""
    return {key: args.inputs for key, args in cloud.resources.items()}


def test_keywords_and_dict_create_the_same_resources(cloud: Run) -> None:
    programs: list[Callable[[], object]] = [
        lambda: ContainerFunction("scan", {"image": {"uri": IMAGE}, "target": "lambda", "memory_mib": 1024}),
        lambda: ContainerFunction("scan", image=IMAGE, target="lambda", memory_mib=1024),
        lambda: ContainerFunction("scan", {"image": IMAGE, "memory_mib": 1024}, target="lambda"),
    ]
    first, second, third = (inputs(cloud(program)) for program in programs)
    assert first == second == third


@pytest.mark.parametrize(
    ("create", "sentence"),
    [
        (
            lambda: ContainerFunction("scan", {"image": IMAGE, "target": "lambda"}, target="ecs"),
            'ContainerFunction "scan": target is set both in the dict and as a keyword; remove one of them.',
        ),
        (
            lambda: Platform("p", {"bus": {}}, bus={}),
            'Platform "p": bus is set both in the dict and as a keyword; remove one of them.',
        ),
        (
            lambda: Network("n", {"zones": ["eu-central-1a"]}, zones=["eu-central-1b"]),
            'Network "n": zones is set both in the dict and as a keyword; remove one of them.',
        ),
    ],
)
def test_argument_in_both_forms_is_refused(create: Any, sentence: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        create()
    assert str(refused.value) == sentence


def test_platform_passes_its_provider(cloud: Run) -> None:
    def program() -> None:
        platform = Platform("p", kubernetes=KUBERNETES, adapter={"uri": IMAGE})
        ContainerFunction("scan", image=IMAGE, target="kubernetes", platform=platform)

    jobs = cloud(program).resources["kubernetes:keda.sh/v1alpha1:ScaledJob scan-main-jobs"]
    assert "p-kubernetes" in str(jobs.provider)


def test_callers_provider_wins(cloud: Run) -> None:
    def program() -> None:
        platform = Platform("p", kubernetes=KUBERNETES, adapter={"uri": IMAGE})
        own = pulumi.ProviderResource("kubernetes", "own", {})
        opts = pulumi.ResourceOptions(providers=[own])
        ContainerFunction("scan", opts=opts, image=IMAGE, target="kubernetes", platform=platform)

    jobs = cloud(program).resources["kubernetes:keda.sh/v1alpha1:ScaledJob scan-main-jobs"]
    assert "own" in str(jobs.provider)


def test_something_else_as_platform_is_refused() -> None:
    platform: Any = "shared"
    with pytest.raises(DefinitionError, match="platform must be a Platform or a platform handle, got 'shared'"):
        ContainerFunction("scan", image=IMAGE, target="lambda", platform=platform)


def test_resources_are_attributes(cloud: Run) -> None:
    made: list[ContainerFunction] = []
    cloud(lambda: made.append(ContainerFunction("scan", image=IMAGE, target="lambda")))
    (function,) = made
    lane = function.lanes["main"]
    assert isinstance(lane.resources, LambdaResources)
    assert lane.inbox.queue is not None
    assert lane.inbox.dead_letters is not None
    assert function.undelivered is not None
    assert function.role.resource is not None
    names = [
        resource.pulumi_resource_name
        for resource in (
            lane.resources.function,
            lane.resources.mapping,
            lane.inbox.queue,
            lane.inbox.dead_letters,
            function.undelivered,
            function.role.resource,
            function.log_group,
        )
    ]
    assert names == [
        "scan-main-function",
        "scan-main-mapping",
        "scan-main-inbox",
        "scan-main-dead-letters",
        "scan-undelivered",
        "scan-role",
        "scan-logs",
    ]

"""A preview warns about services that a function cannot reach from the platform's network."""

from typing import Any

import pulumi
import pulumi_kubernetes
import pytest
from pulumi_aws import cloudwatch, s3, sns, ssm

from intermodal import ContainerFunction, read, send, write
from tests.conftest import ACCOUNT, REGION, Run
from tests.unit.targets.ecs_lane import BASE as ON_ECS
from tests.unit.targets.kubernetes_lane import CLUSTER, GROUPS

GATEWAYS = ["dynamodb", "s3"]
WORK = [*GATEWAYS, "ecr.api", "ecr.dkr", "logs", "sqs"]
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:token-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/level"


@pytest.fixture
def preview_warnings(cloud: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function's preview warnings, on a network with endpoints for these services."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", lambda text, _: warnings.append(text))

    def run(services: list[str] | None, links: Any = (), handle: Any = None, **args: Any) -> list[str]:
        warnings.clear()
        says = {"reachable_services": services} if services is not None else {}
        platform = {**CLUSTER, **GROUPS, **says, **(handle or {})}

        def program() -> None:
            opts = pulumi.ResourceOptions(providers=[pulumi_kubernetes.Provider("cluster", kubeconfig="{}")])
            made = {"links": links() if links else []}
            definition: Any = {**ON_ECS, "target": "lambda", "platform": platform, **made, **args}
            ContainerFunction("scan", definition, opts)

        cloud(program)
        return list(warnings)

    return run


def links() -> list[Any]:
    """Return links to services with both kinds of endpoint."""
    return [
        read(s3.Bucket("photographs")),
        read(ssm.Parameter("settings", type="String", value="x")),
        write(ssm.Parameter("state", type="String", value="x")),
        send(sns.Topic("orders")),
        send(cloudwatch.EventBus("shop")),
    ]


def test_unreachable_links_are_listed_with_advice(preview_warnings: Any) -> None:
    assert preview_warnings([*GATEWAYS, "events"], links) == [
        'ContainerFunction "scan": sns, ssm cannot be reached from its platform\'s network, so calls from the handler '
        'hang; set endpoints: ["sns", "ssm"] or nat: "single" on that network.'
    ]


@pytest.mark.parametrize("services", [["*"], [*GATEWAYS, "events", "sns", "ssm"]])
def test_reachable_links_do_not_cause_a_warning(preview_warnings: Any, services: list[str]) -> None:
    assert preview_warnings(services, links) == []


def test_function_outside_the_network_can_connect_anywhere(preview_warnings: Any) -> None:
    assert preview_warnings(GATEWAYS, links, vpc=False) == []
    assert preview_warnings(GATEWAYS, links, vpc=False, target="kubernetes") == []


def test_permissions_count_like_links(preview_warnings: Any) -> None:
    allowed = [{"actions": ["sns:Publish", "kms:Decrypt"], "resources": [f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"]}]
    (warning,) = preview_warnings(GATEWAYS, permissions=allowed)
    assert '"scan": sns cannot be reached' in warning


def test_pods_in_a_created_cluster_are_always_in_the_network(preview_warnings: Any) -> None:
    created = {"kubernetes_in_network": True}
    for vpc in (False, True):
        (warning,) = preview_warnings([*GATEWAYS, "events", "sns"], links, created, vpc=vpc, target="kubernetes")
        assert '"scan": ssm cannot be reached' in warning


def test_ecs_reads_secrets_through_the_tasks_network(preview_warnings: Any) -> None:
    secrets = {"TOKEN": SECRET, "WORD": pulumi.Output.from_input(PARAMETER)}
    assert preview_warnings(WORK, target="ecs", secrets=secrets) == [
        'ContainerFunction "scan": secretsmanager, ssm cannot be reached from its platform\'s network, so ECS '
        'cannot read its secrets or start tasks; set endpoints: ["secretsmanager", "ssm"] or nat: '
        '"single" on that network.'
    ]
    assert preview_warnings([*WORK, "ssm"], target="ecs", secrets={"WORD": PARAMETER}) == []
    assert preview_warnings(GATEWAYS, target="lambda", secrets=secrets) == []

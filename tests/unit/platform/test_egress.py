"""A preview warns about services that targets cannot reach from a created network."""

from pathlib import Path
from typing import Any

import pulumi
import pytest

from intermodal import Platform
from intermodal.network.args import Nat
from tests.conftest import Run

ZONES = ["eu-central-1a", "eu-central-1b"]
URI = {"uri": "registry.example/adapter:1"}
OUTSIDE = "registries outside AWS"
ADOPTED = {"kubeconfig": "k", "oidc_provider_arn": "arn:aws:iam::1:oidc-provider/x"}


@pytest.fixture
def preview_warnings(cloud: Run, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a platform's preview warnings."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", lambda text, _: warnings.append(text))

    def run(network: dict[str, Any], **others: Any) -> list[str]:
        warnings.clear()
        args: Any = {"network": network, "adapter": URI, **others}
        cloud(lambda: Platform("p", args))
        return list(warnings)

    return run


def test_ecs_without_access_to_images_is_warned_about(preview_warnings: Any) -> None:
    assert preview_warnings({"zones": ZONES, "targets": []}, ecs={}) == [
        'Platform "p": network cannot reach ecr.api, ecr.dkr, logs, sqs for target ecs, so images cannot be pulled '
        'and nothing starts; set targets: ["ecs"] on the network for interface endpoints, or nat: "single".'
    ]


@pytest.mark.parametrize(
    "network",
    [
        {}, {"nat": "single"}, {"nat": Nat.PER_ZONE}, {"targets": ["ecs"]},
        {"targets": [], "endpoints": ["sqs", "logs", "ecr.dkr", "ecr.api"]},
    ],
)  # fmt: skip
def test_network_with_egress_causes_no_warning(preview_warnings: Any, network: dict[str, Any]) -> None:
    assert preview_warnings({"zones": ZONES, **network}, ecs={}) == []


def test_warning_lists_only_missing_endpoints(preview_warnings: Any) -> None:
    (warning,) = preview_warnings({"zones": ZONES, "endpoints": ["sqs", "logs", "ssm"], "targets": ["lambda"]}, ecs={})
    assert "cannot reach ecr.api, ecr.dkr for" in warning


def test_targets_outside_the_network_cause_no_warning(preview_warnings: Any) -> None:
    assert preview_warnings({"zones": ZONES}) == []
    assert preview_warnings({"zones": ZONES}, kubernetes={"existing": ADOPTED}) == []
    assert preview_warnings({"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}}, ecs={}) == []


def test_embedded_aws_causes_no_egress_warning(
    preview_warnings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "Dockerfile").write_text("FROM scratch")
    monkeypatch.chdir(tmp_path)
    assert preview_warnings({"zones": ZONES}, ecs={}, adapter={"build": "runtime"}) == []


def test_created_clusters_add_ons_need_nat(preview_warnings: Any) -> None:
    warnings = preview_warnings({"zones": ZONES, "targets": []}, kubernetes={"create": {}})
    assert "cannot reach ec2, ecr.api" in warnings[0]
    assert "the add-ons keda, kueue, fluent_bit are in registries" in warnings[1]
    assert len(warnings) == 2

    network = {"zones": ZONES}
    assert [OUTSIDE in text for text in preview_warnings(network, kubernetes={"create": {}})] == [True]
    off = dict.fromkeys(("keda", "kueue", "fluent_bit"), False)
    assert preview_warnings(network, kubernetes={"create": {}, "addons": off}) == []
    assert preview_warnings({"zones": ZONES, "nat": "single"}, kubernetes={"create": {}}) == []


@pytest.mark.parametrize(
    ("network", "services"),
    [
        ({"zones": ZONES}, ["dynamodb", "s3"]),
        ({"zones": ZONES, "endpoints": ["ssm"]}, ["dynamodb", "s3", "ssm"]),
        ({"zones": ZONES, "targets": ["ecs"]}, ["dynamodb", "ecr.api", "ecr.dkr", "ecs", "logs", "s3", "sqs"]),
        ({"zones": ZONES, "nat": "single"}, ["*"]),
        ({"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}}, ["*"]),
        (None, ["*"]),
    ],
)
def test_handle_lists_the_reachable_services(cloud: Run, network: dict[str, Any] | None, services: list[str]) -> None:
    seen: list[Any] = []
    args: Any = {"network": network} if network else {}
    cloud(lambda: Platform("p", args).handle.apply(seen.append))
    assert seen[0]["reachable_services"] == services


@pytest.mark.parametrize(
    ("network", "platform", "endpoints"),
    [
        ({}, {"ecs": {}}, ["ecr.api", "ecr.dkr", "ecs", "logs", "sqs"]),
        ({"nat": "single"}, {"ecs": {}}, []),
        ({"targets": []}, {"ecs": {}}, []),
        ({}, {"kubernetes": {"existing": ADOPTED}}, []),
        ({}, {}, []),
    ],
)
def test_network_has_endpoints_for_the_platforms_clusters(
    cloud: Run, network: dict[str, Any], platform: dict[str, Any], endpoints: list[str]
) -> None:
    args: Any = {"network": {"zones": ZONES, **network}, "adapter": URI, **platform}
    made = cloud(lambda: Platform("p", args))
    names = [key.rpartition("-endpoint-")[2] for key in made.list_registrations() if ":VpcEndpoint p-" in key]
    assert sorted(name for name in names if name not in {"s3", "dynamodb"}) == endpoints


def test_network_reports_its_own_problems(preview_warnings: Any) -> None:
    with pytest.raises(Exception, match="targets must be a list, got 5"):
        preview_warnings({"zones": ZONES, "targets": 5}, ecs={})

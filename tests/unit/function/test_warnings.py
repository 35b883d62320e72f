"""A preview warns about valid definitions that users have regretted."""

from typing import Any

import pulumi
import pytest
from pulumi_aws import s3

from intermodal import ContainerFunction, Platform, write
from tests.conftest import IMAGE, Run


@pytest.fixture
def preview_warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the warnings."""
    warnings: list[str] = []
    monkeypatch.setattr(pulumi, "warn", lambda text, _: warnings.append(text))
    return warnings


@pytest.mark.parametrize(("prefix", "loops"), [({}, True), ({"prefix": "in/"}, False)])
@pytest.mark.parametrize("named", ["output", "text"])
def test_function_that_triggers_itself_is_warned_about(
    cloud: Run, preview_warnings: list[str], prefix: dict[str, str], loops: bool, named: str
) -> None:
    def program() -> None:
        bucket = s3.Bucket("photos", bucket="photos-1")
        source = {"bucket": {"bucket": bucket.bucket if named == "output" else "photos-1", **prefix}}
        definition: Any = {"image": IMAGE, "target": "lambda", "links": [write(bucket)], "sources": [source]}
        ContainerFunction("scan", definition)

    cloud(program)
    assert ["each object that it writes triggers it again" in text for text in preview_warnings] == (
        [True] if loops else []
    )


@pytest.mark.parametrize(("provider", "seconds", "cut"), [("FARGATE_SPOT", 600, True), ("FARGATE_SPOT", 60, False)])
def test_long_runs_on_spot_are_warned_about(
    cloud: Run, preview_warnings: list[str], provider: str, seconds: int, cut: bool
) -> None:
    def program() -> None:
        platform: Any = {
            "network": {"existing": {"vpc_id": "vpc-1", "private_subnet_ids": ["subnet-1"]}},
            "ecs": {"capacity_provider": provider},
            "adapter": {"uri": IMAGE},
        }
        shared = {"platform": Platform("p", platform).handle, "vpc": True}
        definition: Any = {"image": IMAGE, "target": "ecs", "timeout_seconds": seconds, **shared}
        ContainerFunction("scan", definition)

    cloud(program)
    assert ["may be interrupted after 120 s" in text for text in preview_warnings] == ([True] if cut else [])

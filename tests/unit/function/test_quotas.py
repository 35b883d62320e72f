"""A thousand functions' quota usage is counted, and each exceeded quota causes a single warning."""

import re
from typing import Any

import pytest

from intermodal.definition.resolve import resolve
from intermodal.function.quotas import QuotaUsage, load_quotas
from tests.conftest import IMAGE, ROOT


def list_warnings(count: int, **args: Any) -> list[str]:
    """Return the warnings for this many functions."""
    tally, definition = QuotaUsage(), {"image": IMAGE, "target": "lambda", **args}
    spec, found = resolve("scan", definition)  # type: ignore[arg-type]
    assert found.problems == []
    return [warning for _ in range(count) for warning in tally.add(spec)]


@pytest.mark.parametrize(
    ("args", "quota"),
    [
        ({}, "roles"),
        ({"sources": [{"bucket": {"bucket": "photos"}}], "role": {"arn": "arn:r"}}, "rules"),
        ({"sources": [{"schedule": {"expression": "rate(1 hour)"}}]}, "schedule groups"),
        (
            {"sources": [{"topic": {"arn": "arn:t", "filter": {"a": ["b"]}}}], "role": {"arn": "arn:r"}},
            "filter policies",
        ),
    ],
)
def test_function_over_a_quota_is_warned_about_once(args: dict[str, Any], quota: str) -> None:
    (row,) = [row for name, row in load_quotas().items() if name.replace("_", " ") == quota]
    least = row["default"]
    assert [text for text in list_warnings(least, **args) if f"more {quota}" in text] == []
    (text,) = [text for text in list_warnings(least + 300, **args) if f"more {quota}" in text]
    assert re.search(rf"{quota} than the default quota of {least} for ", text)


def test_rules_are_counted_per_bus() -> None:
    tally = QuotaUsage()
    found = []
    for index in range(400):
        bus = {"bus": {"pattern": {"source": ["a"]}, "bus_name": f"bus{index % 2}"}}
        definition: Any = {"image": IMAGE, "target": "lambda", "role": {"arn": "arn:r"}, "sources": [bus]}
        found += tally.add(resolve(f"scan{index}", definition)[0])
    assert found == []


def test_quotas_page_has_every_row() -> None:
    page = (ROOT / "docs" / "quotas.md").read_text()
    for name, row in load_quotas().items():
        assert f"| {name.replace('_', ' ')} | {row['default']:,} | {row['taken']} |" in page

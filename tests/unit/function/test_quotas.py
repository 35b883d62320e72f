"""What a thousand functions take of an account, and the one warning for each quota that they pass."""

import re
from typing import Any

import pytest

from intermodal.definition.resolve import resolve
from intermodal.function.quotas import QuotaUsage, load_quotas
from tests.conftest import IMAGE, ROOT


def warned(count: int, **args: Any) -> list[str]:
    """Return the warnings of so many functions like this one."""
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
def test_the_function_that_passes_a_quota_is_warned_of_once(args: dict[str, Any], quota: str) -> None:
    (row,) = [row for name, row in load_quotas().items() if name.replace("_", " ") == quota]
    least = row["default"]
    assert [text for text in warned(least, **args) if f"more {quota}" in text] == []
    (text,) = [text for text in warned(least + 300, **args) if f"more {quota}" in text]
    assert re.search(rf"{quota} than the default quota of .*, {least} ", text)


def test_rules_of_several_buses_are_counted_apart() -> None:
    tally = QuotaUsage()
    found = []
    for index in range(400):
        bus = {"bus": {"pattern": {"source": ["a"]}, "bus_name": f"bus{index % 2}"}}
        definition: Any = {"image": IMAGE, "target": "lambda", "role": {"arn": "arn:r"}, "sources": [bus]}
        found += tally.add(resolve(f"scan{index}", definition)[0])
    assert found == []


def test_the_page_of_quotas_has_every_row() -> None:
    page = (ROOT / "docs" / "quotas.md").read_text()
    for name, row in load_quotas().items():
        assert f"| {name.replace('_', ' ')} | {row['default']:,} | {row['taken']} |" in page

"""Everything that is compared by meaning is also compared so by the official provider, and cites its source."""

from collections.abc import Iterator, Mapping

import pytest

from intermodal_offline.providers.aws import ROWS, relaxed
from intermodal_offline.providers.compare import Comparison
from intermodal_offline.providers.table import Field


def list_relaxed(fields: Mapping[str, Field], path: str = "") -> Iterator[str]:
    for name, field in fields.items():
        if field.normal or field.stored:
            yield path + name
        yield from list_relaxed(field.block or {}, f"{path}{name}.")


def test_every_relaxed_comparison_has_its_row() -> None:
    found = {f"{token} {path}" for token, row in ROWS.items() for path in list_relaxed(row.inputs)}
    assert found == relaxed.RELAXED.keys()


@pytest.mark.parametrize("key", sorted(relaxed.RELAXED))
def test_every_row_has_a_reason_and_a_source(key: str) -> None:
    what, where = relaxed.RELAXED[key]
    assert what
    assert all(part.strip().endswith(".go") for part in where.split(","))


@pytest.mark.parametrize(
    ("token", "path", "old", "new"),
    [
        ("aws:ecs/service:Service", "cluster", "arn:aws:ecs:eu-central-1:1:cluster/one", "one"),
        ("aws:ecs/service:Service", "taskDefinition", "arn:aws:ecs:eu-central-1:1:task-definition/a:1", "a:1"),
        ("aws:scheduler/schedule:Schedule", "startDate", "2030-01-01T00:00:00Z", "2030-01-01T01:00:00+01:00"),
        ("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "fromPort", -1, None),
    ],
)
def test_comparisons_not_relaxed_upstream_are_strict(token: str, path: str, old: object, new: object) -> None:
    changes = Comparison(fields=ROWS[token].inputs).changes({path: old}, {path: new})
    assert [change.path for change in changes] == [path]

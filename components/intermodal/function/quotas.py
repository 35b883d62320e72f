"""Count the account quotas that the functions in one program use."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from pulumi import Input

from intermodal.definition.spec import FunctionSpec
from intermodal.events.args import DEFAULT_BUS
from intermodal.limits import Target


@dataclass
class QuotaUsage:
    """Quota usage by one program, without the account's other stacks."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Counts by quota and by the resource or scope that it applies to, such as a bus."""

    def add(self, spec: FunctionSpec) -> list[str]:
        """Add a function's usage, and return a warning for each quota that it is the first to exceed."""
        warnings = []
        for key, taken in count_usage(spec).items():
            before = self.counts[key]
            self.counts[key] += taken
            quota = load_quotas()[key[0]]
            if before <= quota["default"] < self.counts[key]:
                warnings.append(_warning(key, quota))
        return warnings


def count_usage(spec: FunctionSpec) -> Counter[tuple[str, str]]:
    """Return a function's usage by quota and by the resource or scope that the quota applies to."""
    found: Counter[tuple[str, str]] = Counter()
    kinds = Counter(source.kind for source in spec.sources)
    on_ecs = sum(lane.target is Target.ECS for lane in spec.lanes)
    found["roles", "the account"] = (spec.role_arn is None) + kinds["schedule"] + kinds["http"] + on_ecs
    found["schedule_groups", "the Region"] = kinds["schedule"]
    found["security_groups", "the Region"] = int(spec.vpc)
    for source in spec.sources:
        if source.kind in {"bus", "bucket"}:
            found["rules", _name_owner("bus", source.fields.get("bus_name", DEFAULT_BUS))] += 1
        if source.kind == "topic" and "filter" in source.fields:
            found["filter_policies", _name_owner("topic", source.fields["arn"])] += 1
    return found


def _name_owner(kind: str, name: Input[str]) -> str:
    """Return a label for the resource that a quota applies to; an Output is identified by its object ID."""
    return f"{kind} {name}" if isinstance(name, str) else f"{kind} of output {id(name)}"


@cache
def load_quotas() -> Mapping[str, Mapping[str, Any]]:
    """Return the quotas by name; quotas.json cites each one's source."""
    rows: dict[str, Any] = json.loads(files("intermodal.limits").joinpath("quotas.json").read_text())
    return {name: row for name, row in rows.items() if name != "_meta"}


def _warning(key: tuple[str, str], quota: Mapping[str, Any]) -> str:
    name, owner = key
    return (
        f"this program creates more {name.replace('_', ' ')} than the default quota of {owner}, {quota['default']} "
        f"({quota['source']}); request an increase ({quota['raise']}), or use several accounts"
    )

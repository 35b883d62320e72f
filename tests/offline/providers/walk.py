"""Results of the walk through a stack of every resource type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.offline.providers.stack import Step

KINDS = [
    "APIs",
    "addresses",
    "alarms",
    "buckets",
    "buses",
    "clusters",
    "endpoints",
    "functions",
    "gateways",
    "keys",
    "log groups",
    "mappings",
    "networks",
    "parameters",
    "policies",
    "queues",
    "roles",
    "route tables",
    "rules",
    "scaling",
    "scaling policies",
    "schedule groups",
    "schedules",
    "secrets",
    "security groups",
    "services",
    "subnets",
    "subscriptions",
    "tables",
    "task definitions",
    "topics",
]
"""Kinds that must not remain in the emulator after a destroy."""


@dataclass(frozen=True, kw_only=True)
class Walk:
    """Results of a walk."""

    steps: Mapping[str, Step]
    observed: Mapping[str, Mapping[str, object]]
    """Each type in the API: before the drift, during it, after the repair."""
    remaining: Mapping[str, Mapping[str, list[str]]]
    """Objects that remain after a destroy."""
    outputs: Mapping[str, Mapping[str, Any]]
    """State of the resources after `create`, by type."""

    def of(self, step: str, token: str) -> frozenset[str]:
        """Return the operations on a type in a step; print the output if there are none."""
        operations = self.steps[step].of(token)
        if not operations:
            print(self.steps[step].said)
        return operations

"""Hold the results of the lifecycle of a stack with every resource type."""

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
    "repositories",
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
    """Lifecycle results."""

    steps: Mapping[str, Step]
    observed: Mapping[str, Mapping[str, object]]
    """Each type as the API returns it: before the drift, during it, and after the repair."""
    remaining: Mapping[str, Mapping[str, list[str]]]
    """Objects that remain after a destroy."""
    outputs: Mapping[str, Mapping[str, Any]]
    """Resource state after `create`, by type."""

    def of(self, step: str, token: str) -> frozenset[str]:
        """Return the operations on a type in a step; print the output if there are none."""
        operations = self.steps[step].of(token)
        if not operations:
            print(self.steps[step].output)
        return operations

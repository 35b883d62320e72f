"""Protect a service's tasks from scale-in within the API's limits.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html

ministack returns empty lists. `local.aws.ecs.protection` implements the rules.
"""

from typing import Any

from local.aws.ecs import protection
from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"
EXPECTED: Expected = protection.EXPECTED


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch ministack's ecs module."""
    protection.apply(ecs, tasks.poke)

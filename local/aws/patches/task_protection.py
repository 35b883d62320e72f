"""Protect the tasks of a service from scale-in, within the limits of the API.

AWS: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html

ministack returns empty lists. `local.aws.ecs.protection` has the rules.
"""

from typing import Any

from local.aws.ecs import protection
from local.aws.expected import Expected
from local.aws.runners import TaskRunner

MODULE = "ministack.services.ecs"
EXPECTED: Expected = protection.EXPECTED


def apply(ecs: Any, tasks: TaskRunner) -> None:
    """Patch the module."""
    protection.apply(ecs, tasks.poke)

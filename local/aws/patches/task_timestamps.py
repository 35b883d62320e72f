"""Return ECS timestamps with millisecond precision.

AWS: https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-tasks.html

The page's examples show milliseconds. ministack truncates timestamps to seconds.
"""

from datetime import datetime
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_ts_to_epoch"): ("value",),
}


def apply(ecs: Any) -> None:
    """Patch ministack's ecs module."""
    ecs._ts_to_epoch = _to_epoch


def _to_epoch(value: object) -> object:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value

"""Give the times of ECS to the millisecond.

AWS: https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-tasks.html

The page's examples have it. ministack cuts them to the second.
"""

from datetime import datetime
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecs"

EXPECTED: Expected = {
    (MODULE, "_ts_to_epoch"): ("value",),
}


def apply(ecs: Any) -> None:
    """Patch the module."""
    ecs._ts_to_epoch = _in_milliseconds


def _in_milliseconds(value: object) -> object:
    return datetime.fromisoformat(value).timestamp() if isinstance(value, str) else value

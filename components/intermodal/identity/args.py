"""What a caller may say of a function's identity."""

from enum import Enum
from typing import NotRequired, TypedDict

from pulumi import Input


class Trust(Enum):
    """A service that may assume the function's role."""

    LAMBDA = "lambda"
    """Lambda, for functions of this account."""
    ECS_TASKS = "ecs-tasks"
    """ECS, for tasks of this account."""


class PermissionArgs(TypedDict):
    """One statement that allows."""

    actions: list[str]
    """IAM actions, such as `sqs:SendMessage`."""
    resources: list[Input[str]]
    """ARNs that the actions apply to."""
    sid: NotRequired[str]
    """Statement id. Default: none."""

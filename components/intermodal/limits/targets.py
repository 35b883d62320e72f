"""List the targets. To add a target, add a line here and a folder in `targets/`."""

import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal


class Target(Enum):
    """A compute service that runs a container function."""

    LAMBDA = "lambda"
    """AWS Lambda, with an event source mapping."""
    ECS = "ecs"
    """Amazon ECS, with a service that scales its tasks."""
    KUBERNETES = "kubernetes"
    """Kubernetes Jobs, started by KEDA."""


if TYPE_CHECKING:
    TargetLike = Target | Literal["lambda", "ecs", "kubernetes"]
else:
    TargetLike = Target  # Pulumi's schema cannot express the union


def package_of(target: Target) -> str:
    """Return the target's package name in `targets/`; it differs for `lambda`, which is a Python keyword."""
    return "aws_lambda" if target is Target.LAMBDA else target.value


@cache
def data_of(target: Target) -> Mapping[str, Any]:
    """Return a target's limits and endpoints from its target.json, which cites a source for each row."""
    file = files("intermodal").joinpath("targets", package_of(target), "target.json")
    data: dict[str, Any] = json.loads(file.read_text())
    return data

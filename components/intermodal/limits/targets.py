"""List the targets. To add one, add a line here and a folder in `targets/`."""

import json
from collections.abc import Mapping
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal


class Target(Enum):
    """A compute service that runs a container function."""

    LAMBDA = "lambda"
    """AWS Lambda, fed by an event source mapping."""
    ECS = "ecs"
    """Amazon ECS, a worker service."""
    KUBERNETES = "kubernetes"
    """Kubernetes Jobs, started by KEDA."""


if TYPE_CHECKING:
    TargetLike = Target | Literal["lambda", "ecs", "kubernetes"]
else:
    TargetLike = Target  # the part that Pulumi's schema can express


def package_of(target: Target) -> str:
    """Return the name of the target's package in `targets/`; it differs for `lambda`, a Python keyword."""
    return "aws_lambda" if target is Target.LAMBDA else target.value


@cache
def data_of(target: Target) -> Mapping[str, Any]:
    """Return a target's limits and endpoints: the dated rows in its target.json, each with its source."""
    file = files("intermodal").joinpath("targets", package_of(target), "target.json")
    data: dict[str, Any] = json.loads(file.read_text())
    return data

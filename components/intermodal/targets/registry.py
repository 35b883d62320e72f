"""Load a target's modules by its name, on use."""

from importlib import import_module
from typing import cast

from intermodal.limits import Target, package_of
from intermodal.targets.contract import Checks, Deployment, Runner


def load_checks(target: Target) -> Checks:
    """Load the checks of a target, without a provider SDK."""
    return cast("Checks", _load(target, "check"))


def load_deployment(target: Target) -> Deployment:
    """Load the deployment of a target."""
    return cast("Deployment", _load(target, "deploy"))


def load_runner(target: Target) -> Runner:
    """Load the runner of a target."""
    return cast("Runner", _load(target, "run"))


def _load(target: Target, part: str) -> object:
    return import_module(f"intermodal.targets.{package_of(target)}.{part}")

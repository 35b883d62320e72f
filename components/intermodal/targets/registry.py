"""Load targets' modules on first use."""

from importlib import import_module
from typing import cast

from intermodal.limits import Target, package_of
from intermodal.targets.contract import Checks, Deployment, Runner


def load_checks(target: Target) -> Checks:
    """Load a target's checks without importing a provider SDK."""
    return cast("Checks", _load(target, "check"))


def load_deployment(target: Target) -> Deployment:
    """Load a target's deployment module."""
    return cast("Deployment", _load(target, "deploy"))


def load_runner(target: Target) -> Runner:
    """Load a target's runner."""
    return cast("Runner", _load(target, "run"))


def _load(target: Target, part: str) -> object:
    return import_module(f"intermodal.targets.{package_of(target)}.{part}")

"""Find a target's modules by its name; each is loaded when it is used."""

from importlib import import_module
from typing import cast

from intermodal.limits import Target, package_of
from intermodal.targets.contract import Checks, Deployment, Runner


def load_checks(target: Target) -> Checks:
    """Return what a definition must meet on a target; loads no provider SDK."""
    return cast("Checks", _load(target, "check"))


def load_deployment(target: Target) -> Deployment:
    """Return what creates the consumer of a lane on a target."""
    return cast("Deployment", _load(target, "deploy"))


def load_runner(target: Target) -> Runner:
    """Return what runs one event on a target."""
    return cast("Runner", _load(target, "run"))


def _load(target: Target, part: str) -> object:
    return import_module(f"intermodal.targets.{package_of(target)}.{part}")

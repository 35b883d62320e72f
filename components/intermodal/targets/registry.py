"""Find a target's modules by its name; each is loaded when it is used."""

from importlib import import_module
from typing import cast

from intermodal.limits import Target, package_of
from intermodal.targets.contract import Checks, Deployment, Runner


def checks_of(target: Target) -> Checks:
    """Return what a definition must meet on a target; loads no provider SDK."""
    return cast("Checks", _module(target, "check"))


def deployment_of(target: Target) -> Deployment:
    """Return what creates the consumer of a lane on a target."""
    return cast("Deployment", _module(target, "deploy"))


def runner_of(target: Target) -> Runner:
    """Return what runs one event on a target."""
    return cast("Runner", _module(target, "run"))


def _module(target: Target, part: str) -> object:
    return import_module(f"intermodal.targets.{package_of(target)}.{part}")

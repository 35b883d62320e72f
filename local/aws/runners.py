"""Interfaces of the runners for functions and tasks, which ministack only stores."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class FunctionRunner(Protocol):
    """Runner of image functions."""

    def execute(self, config: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        """Run one event and return ministack's form of the result."""

    def retire(self, name: str) -> None:
        """Close the environments of a changed or deleted function."""

    def has_image(self, reference: str) -> bool:
        """Return whether Docker has the image."""


class TaskRunner(Protocol):
    """Runner of ECS tasks."""

    @property
    def client(self) -> Any:
        """Docker client of the tasks."""

    def run(self, task: dict[str, Any], definition: dict[str, Any], overrides: Sequence[Mapping[str, Any]]) -> None:
        """Run a task to its end."""

    def stop(self, arn: str) -> None:
        """Stop a task; its record has the desired status STOPPED."""

    def poke(self) -> None:
        """Wake the scheduler after a change of a service."""

    def abandon(self) -> None:
        """Kill all tasks at once."""

"""Define interfaces for running functions and tasks, because ministack only stores them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class FunctionRunner(Protocol):
    """Runs image functions."""

    def execute(self, config: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        """Run one event and return the result in ministack's format."""

    def retire(self, name: str) -> None:
        """Close the environments of a changed or deleted function."""

    def has_image(self, reference: str) -> bool:
        """Return whether Docker has the image."""


class TaskRunner(Protocol):
    """Runs ECS tasks."""

    @property
    def client(self) -> Any:
        """Docker client for the tasks."""

    def run(self, task: dict[str, Any], definition: dict[str, Any], overrides: Sequence[Mapping[str, Any]]) -> None:
        """Run a task until it has stopped."""

    def stop(self, arn: str) -> None:
        """Stop a task whose desired status is STOPPED."""

    def poke(self) -> None:
        """Wake the scheduler after a service has changed."""

    def abandon(self) -> None:
        """Kill all tasks immediately."""

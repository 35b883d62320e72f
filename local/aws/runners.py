"""Run what ministack only stores: image functions and tasks."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class FunctionRunner(Protocol):
    """What runs image functions."""

    def execute(self, config: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        """Run one event; the result in ministack's shape."""

    def retire(self, name: str) -> None:
        """Close what runs a function that was changed or deleted."""

    def has_image(self, reference: str) -> bool:
        """Whether Docker has the image."""


class TaskRunner(Protocol):
    """What runs tasks."""

    @property
    def client(self) -> Any:
        """Its Docker."""

    def run(self, task: dict[str, Any], definition: dict[str, Any], overrides: Sequence[Mapping[str, Any]]) -> None:
        """Run a task to its end."""

    def stop(self, arn: str) -> None:
        """A task's record says that it is to stop."""

    def poke(self) -> None:
        """Something of a service changed."""

    def abandon(self) -> None:
        """End all at once."""

"""Load the module that validates a kind of source."""

from importlib import import_module
from typing import Any, Protocol, cast

from intermodal.events.args import COMMON_KEYS, SourceArgs
from intermodal.problems.validation import Validator


class Checks(Protocol):
    """Interface of a source's `check.py`, which must not import a provider SDK."""

    @property
    def ARGS(self) -> type:  # noqa: N802 - a constant in the module
        """TypedDict that describes the source's arguments."""

    @property
    def DELIVERED(self) -> bool:  # noqa: N802 - a constant in the module
        """Whether AWS delivers the events, so that delivery can be disabled."""

    @property
    def FIFO(self) -> bool:  # noqa: N802 - a constant in the module
        """Whether the source can feed a FIFO inbox."""

    def check(self, validator: Validator, path: str, fields: dict[str, Any]) -> None:
        """Validate the fields and apply their defaults."""


def list_kinds() -> list[str]:
    """Return the names of all kinds of sources."""
    return [key for key in SourceArgs.__annotations__ if key not in COMMON_KEYS]


def load_checks(kind: str) -> Checks:
    """Return the validation module for a kind of source."""
    return cast("Checks", import_module(f"intermodal.events.sources.{kind}.check"))

"""Define how a resource type is described: a row with its fields and functions."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from intermodal_offline.providers.failures import RefusedError
from intermodal_offline.providers.values import Props

if TYPE_CHECKING:
    from intermodal_offline.providers.cloud import Cloud

POLL_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Field:
    """An input property: its name in the AWS API and rules for comparing its values."""

    wire: str = ""
    """Name in the API; empty if the row's functions send the property."""
    block: Mapping[str, "Field"] | None = None
    """Properties of a nested block, or of each block in a list if `many` is true."""
    many: bool = False
    text: type | None = None
    """Type (int or bool) of a value that the API represents as a string."""
    blank: Any = None
    """API value that resets the property when a user removes it."""
    normal: Callable[[Any], Any] | None = None
    """Function that returns a value's canonical form for comparisons."""
    stored: Callable[[Any], Any] | None = None
    """Function that returns the string that the official provider stores and compares with the API's response."""
    computed: bool = False
    """Whether AWS sets a value if the user sets none; such a value is not a difference."""
    local: bool = False
    """Whether only the provider uses the property; no API stores it, so its value is taken from the inputs."""


def fields(**named: Field | str) -> dict[str, Field]:
    """Return fields by property name; a string argument is the field's name in the API."""
    return {name: Field(wire=value) if isinstance(value, str) else value for name, value in named.items()}


@dataclass(kw_only=True)
class Call:
    """Argument of a row's functions: a client and the resource."""

    type: str
    fields: Mapping[str, Field]
    client: Any
    """The boto client; it is untyped because arguments come from the table and botocore validates them."""
    cloud: "Cloud"
    region: str
    id: str = ""
    props: Props = field(default_factory=dict)
    """Inputs for create and update; state for read and delete."""
    live: Props = field(default_factory=dict)
    """Result of `read`, for the functions in `Tagging`."""

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Poll until `done` returns true.

        Raises:
            RefusedError: the wait timed out, or the update was cancelled.
        """
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise RefusedError(f"timed out after {seconds:g} seconds waiting for {what}; see the emulator's log.")
            if self.cloud.cancelled.wait(POLL_SECONDS):
                raise RefusedError(f"cancelled while waiting for {what}; run `pulumi up` again.")


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """Functions that read and write a resource's tags."""

    read: Callable[[Call], dict[str, str]]
    write: Callable[[Call, dict[str, str], list[str]], None]
    """Arguments: call, all desired tags, and tag keys to remove."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """Description of a resource type."""

    service: str
    inputs: Mapping[str, Field]
    """Supported inputs. Other inputs are rejected, never ignored."""
    create: Callable[[Call], str]
    """Creates the resource and returns its ID."""
    read: Callable[[Call], Props | None]
    """Returns the current inputs and outputs from the API, or None if the resource does not exist."""
    delete: Callable[[Call], object]
    update: Callable[[Call, frozenset[str]], object] | None = None
    """Arguments: call and the names of the changed inputs."""
    settle: Callable[[Call], object] | None = None
    """Runs after `create`; if it fails, the resource is recorded as partially created."""
    identify: Callable[[str], Props] = lambda identity: {}  # noqa: ARG005 - most IDs are opaque
    """Returns the properties that an import ID contains."""
    tagging: Tagging | None = None
    gone: frozenset[str] = frozenset()
    """Error codes for a resource that does not exist."""
    gone_said: str = ""
    """Part of the error message for a resource that does not exist, if the error code is ambiguous."""
    rules: Callable[[Props], list[tuple[str, str]]] = lambda inputs: []  # noqa: ARG005 - most types have none
    """Performs further checks on inputs; returns the property and reason for each failure."""
    replaced_if: Mapping[str, Callable[[Props, Props], bool]] = field(default_factory=dict)
    """By property: whether a change from the old to the new inputs requires a replacement."""
    volatile: Callable[[Props, Props], tuple[str, ...]] = lambda olds, news: ()  # noqa: ARG005 - most outputs persist
    """Returns the outputs that an update from the old to the new inputs changes; a preview shows them as unknown."""


Invoke = Callable[["Cloud", Props], Props]

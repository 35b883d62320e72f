"""Rows of the table of resource types."""

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
    """An input: its name in the AWS API, and rules to compare its values."""

    wire: str = ""
    """Name in the API; empty if the row's own code applies the property."""
    block: Mapping[str, "Field"] | None = None
    """Properties of a nested block, or of each block of a list (`many`)."""
    many: bool = False
    text: type | None = None
    """Type of an int or bool that the API carries as text."""
    blank: Any = None
    """API value that resets the property when it is removed."""
    normal: Callable[[Any], Any] | None = None
    """Canonical form for comparisons."""
    stored: Callable[[Any], Any] | None = None
    """Form in which the official provider stores a value; it compares this text with the API's response."""
    computed: bool = False
    """Whether AWS fills it in if it is not set; such a value is not a difference."""
    local: bool = False
    """Whether it is behaviour of the provider itself, which no API holds; it is kept from the inputs."""


def fields(**named: Field | str) -> dict[str, Field]:
    """Return fields by property name; a string is the name in the API."""
    return {name: Field(wire=value) if isinstance(value, str) else value for name, value in named.items()}


@dataclass(kw_only=True)
class Call:
    """Argument of a row's functions: a client and the resource."""

    type: str
    fields: Mapping[str, Field]
    client: Any
    """The boto client; untyped, because the table decides the arguments and botocore validates them."""
    cloud: "Cloud"
    region: str
    id: str = ""
    props: Props = field(default_factory=dict)
    """Inputs on create and update; the state on read and delete."""
    live: Props = field(default_factory=dict)
    """Result of `read`, for the functions of `Tagging`."""

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Poll until `done` holds.

        Raises:
            RefusedError: it took too long, or the update was cancelled.
        """
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise RefusedError(f"{what} took longer than {seconds:g} seconds; read the emulator's log.")
            if self.cloud.cancelled.wait(POLL_SECONDS):
                raise RefusedError(f"cancelled while waiting until {what}; run `pulumi up` again.")


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """Functions that read and write a type's tags."""

    read: Callable[[Call], dict[str, str]]
    write: Callable[[Call, dict[str, str], list[str]], None]
    """(call, all desired tags, names to remove)."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A resource type."""

    service: str
    inputs: Mapping[str, Field]
    """Every input that reaches the API. Other inputs are rejected, never ignored."""
    create: Callable[[Call], str]
    """Creates the resource and returns its id."""
    read: Callable[[Call], Props | None]
    """Returns the API's current inputs and outputs, or None if the resource is gone."""
    delete: Callable[[Call], object]
    update: Callable[[Call, frozenset[str]], object] | None = None
    """(call, names of the changed inputs)."""
    settle: Callable[[Call], object] | None = None
    """Steps after `create`; if one fails, the resource is recorded as partially created."""
    identify: Callable[[str], Props] = lambda identity: {}  # noqa: ARG005 - most ids are opaque
    """Returns the properties encoded in an import id."""
    tagging: Tagging | None = None
    gone: frozenset[str] = frozenset()
    """Error codes for a resource that does not exist."""
    gone_said: str = ""
    """Part of the error message for the same, if the error code is ambiguous."""
    rules: Callable[[Props], list[tuple[str, str]]] = lambda inputs: []  # noqa: ARG005 - most types have none
    """Further checks: (property, reason) for each failure."""
    replaced_if: Mapping[str, Callable[[Props, Props], bool]] = field(default_factory=dict)
    """Properties whose change replaces only sometimes: (old inputs, new inputs)."""
    volatile: Callable[[Props, Props], tuple[str, ...]] = lambda olds, news: ()  # noqa: ARG005 - most outputs persist
    """(old inputs, new inputs): outputs that the update changes; a preview shows them as unknown."""


Invoke = Callable[["Cloud", Props], Props]

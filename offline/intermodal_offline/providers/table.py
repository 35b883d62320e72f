"""Define the rows of the resource type table."""

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
    """An input: its name in the AWS API, and rules for comparing its values."""

    wire: str = ""
    """Name in the API; empty if the row's code applies the property."""
    block: Mapping[str, "Field"] | None = None
    """Properties of a nested block, or of each block in a list (`many`)."""
    many: bool = False
    text: type | None = None
    """Type of an int or bool that the API represents as a string."""
    blank: Any = None
    """API value that resets the property when a user removes it."""
    normal: Callable[[Any], Any] | None = None
    """Canonical form for comparisons."""
    stored: Callable[[Any], Any] | None = None
    """Form in which the official provider stores a value; it compares this string with the API's response."""
    computed: bool = False
    """Whether AWS fills in a value if none is set; such a value is not a difference."""
    local: bool = False
    """Whether it controls the provider itself; no API stores it, so its value is kept from the inputs."""


def fields(**named: Field | str) -> dict[str, Field]:
    """Return fields by property name; a string value is the name in the API."""
    return {name: Field(wire=value) if isinstance(value, str) else value for name, value in named.items()}


@dataclass(kw_only=True)
class Call:
    """Argument that a row's functions take: a client and the resource."""

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
    """Result of `read`, for the functions in `Tagging`."""

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Poll until `done` holds.

        Raises:
            RefusedError: it took too long, or the update was cancelled.
        """
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise RefusedError(f"timed out after {seconds:g} seconds waiting for {what}; read the emulator's log.")
            if self.cloud.cancelled.wait(POLL_SECONDS):
                raise RefusedError(f"cancelled while waiting for {what}; run `pulumi up` again.")


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """Functions that read and write the tags of a resource type."""

    read: Callable[[Call], dict[str, str]]
    write: Callable[[Call, dict[str, str], list[str]], None]
    """(call, all desired tags, keys to remove)."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the table: one resource type."""

    service: str
    inputs: Mapping[str, Field]
    """Every input that is sent to the API. Other inputs are rejected, never ignored."""
    create: Callable[[Call], str]
    """Creates the resource and returns its ID."""
    read: Callable[[Call], Props | None]
    """Returns the API's current inputs and outputs, or None if the resource is gone."""
    delete: Callable[[Call], object]
    update: Callable[[Call, frozenset[str]], object] | None = None
    """(call, names of the changed inputs)."""
    settle: Callable[[Call], object] | None = None
    """Steps after `create`; if one fails, the resource is recorded as partially created."""
    identify: Callable[[str], Props] = lambda identity: {}  # noqa: ARG005 - most ids are opaque
    """Returns the properties encoded in an import ID."""
    tagging: Tagging | None = None
    gone: frozenset[str] = frozenset()
    """Error codes that mean that the resource does not exist."""
    gone_said: str = ""
    """Part of the error message that means the same, if the error code is ambiguous."""
    rules: Callable[[Props], list[tuple[str, str]]] = lambda inputs: []  # noqa: ARG005 - most types have none
    """Further checks: (property, reason) for each failure."""
    replaced_if: Mapping[str, Callable[[Props, Props], bool]] = field(default_factory=dict)
    """Properties whose change only sometimes requires a replacement: (old inputs, new inputs)."""
    volatile: Callable[[Props, Props], tuple[str, ...]] = lambda olds, news: ()  # noqa: ARG005 - most outputs persist
    """(old inputs, new inputs): outputs that an update changes; a preview shows them as unknown."""


Invoke = Callable[["Cloud", Props], Props]

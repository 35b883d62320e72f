"""What one row of the table says about a resource type."""

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
    """One input: its name in the AWS API and how two values of it compare."""

    wire: str = ""
    """Name in the API; empty when the row's own code applies the property."""
    block: Mapping[str, "Field"] | None = None
    """Properties of a nested block, or of each block of a list (`many`)."""
    many: bool = False
    text: type | None = None
    """The API carries this int or bool as text."""
    blank: Any = None
    """What the API takes to mean "back to none" when the property is removed."""
    normal: Callable[[Any], Any] | None = None
    """Form in which values of the same meaning are equal."""
    stored: Callable[[Any], Any] | None = None
    """What the official provider stores of a given value; it compares that with the API's answer, text by text."""
    computed: bool = False
    """AWS fills it in when it is not given, so what it holds then is no difference."""
    local: bool = False
    """Behaviour of the provider itself: no API holds it, so it is kept from the inputs."""


def fields(**named: Field | str) -> dict[str, Field]:
    """Fields by property name; a plain text is the name in the API."""
    return {name: Field(wire=value) if isinstance(value, str) else value for name, value in named.items()}


@dataclass(kw_only=True)
class Call:
    """What the functions of a row get: a client, and the resource they are about."""

    type: str
    fields: Mapping[str, Field]
    client: Any
    """The boto client: untyped, because the table decides the arguments and botocore validates them."""
    cloud: "Cloud"
    region: str
    id: str = ""
    props: Props = field(default_factory=dict)
    """Inputs at create and update; what is known of the resource at read and delete."""
    live: Props = field(default_factory=dict)
    """What `read` returned, for the functions of `Tagging`."""

    def wait(self, what: str, seconds: float, done: Callable[[], bool]) -> None:
        """Poll until `done`.

        Raises:
            RefusedError: it took too long, or the update was cancelled.
        """
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                raise RefusedError(f"{what} took longer than {seconds:g} seconds; look at the emulator's log.")
            if self.cloud.cancelled.wait(POLL_SECONDS):
                raise RefusedError(f"cancelled while waiting until {what}.")


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """How a type's tags are read and written."""

    read: Callable[[Call], dict[str, str]]
    write: Callable[[Call, dict[str, str], list[str]], None]
    """(call, all tags it must have, names to remove)."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One resource type."""

    service: str
    inputs: Mapping[str, Field]
    """Every input that reaches the API. An input that is not here is refused, never ignored."""
    create: Callable[[Call], str]
    """Make it, and return its id."""
    read: Callable[[Call], Props | None]
    """Inputs and outputs as the API has them now; None when it is gone."""
    delete: Callable[[Call], object]
    update: Callable[[Call, frozenset[str]], object] | None = None
    """(call, names of the changed inputs)."""
    settle: Callable[[Call], object] | None = None
    """Steps after `create`: if one fails, the resource is remembered as half made."""
    identify: Callable[[str], Props] = lambda identity: {}  # noqa: ARG005 - most ids need no taking apart
    """Properties that an import id holds."""
    tagging: Tagging | None = None
    gone: frozenset[str] = frozenset()
    """Error codes that mean: it does not exist."""
    gone_said: str = ""
    """What the message says where the code of an error that means the same has other meanings too."""
    rules: Callable[[Props], list[tuple[str, str]]] = lambda inputs: []  # noqa: ARG005 - most types have none
    """Checks beyond names: (property, reason) for each failure."""
    replaced_if: Mapping[str, Callable[[Props, Props], bool]] = field(default_factory=dict)
    """Properties whose change replaces only sometimes: (old inputs, new inputs)."""
    volatile: Callable[[Props, Props], tuple[str, ...]] = lambda olds, news: ()  # noqa: ARG005 - most outputs stay
    """(old inputs, new inputs): outputs that the update changes, so that a preview shows them as unknown."""


Invoke = Callable[["Cloud", Props], Props]

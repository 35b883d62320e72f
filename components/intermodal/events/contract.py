"""What a kind of source gives: how its events enter."""

from dataclasses import dataclass

from pulumi import Input


@dataclass(frozen=True, kw_only=True)
class RuleArgs:
    """An EventBridge rule that picks the events."""

    pattern: Input[str]
    """Event pattern as JSON."""
    bus_name: Input[str]
    """Bus that the events are on."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How the events of one source reach an inbox: by a rule, or sent by principals."""

    name: str
    rule: RuleArgs | None = None
    senders: tuple[Input[str], ...] = ()

"""Arguments of the `bus` source."""

from typing import Any, NotRequired, TypedDict

from pulumi import Input


class BusSourceArgs(TypedDict):
    """Events from an EventBridge bus that match a pattern."""

    pattern: dict[str, Any]
    """EventBridge event pattern, at most 2,048 characters as JSON."""
    bus_name: NotRequired[Input[str]]
    """Event bus name. Default: `default`, the account's default bus."""

"""Arguments of source `bus`."""

from typing import Any, NotRequired, TypedDict

from pulumi import Input


class BusSourceArgs(TypedDict):
    """Events of an EventBridge bus that match a pattern."""

    pattern: dict[str, Any]
    """EventBridge event pattern; at most 2,048 characters as JSON."""
    bus_name: NotRequired[Input[str]]
    """Name of the bus. Default: `default`, the account's own."""

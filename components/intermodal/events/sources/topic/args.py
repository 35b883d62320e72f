"""Arguments of the `topic` source."""

from enum import Enum
from typing import Any, NotRequired, TypedDict

from pulumi import Input


class FilterScope(Enum):
    """Part of a message that a filter policy applies to."""

    ATTRIBUTES = "MessageAttributes"
    """The message's attributes."""
    BODY = "MessageBody"
    """The message itself, which must be JSON."""


class TopicSourceArgs(TypedDict):
    """Messages from an SNS topic, with raw message delivery (no SNS envelope)."""

    arn: Input[str]
    """Topic ARN."""
    filter: NotRequired[dict[str, Any]]
    """SNS filter policy. Default: all messages pass."""
    filter_scope: NotRequired[FilterScope]
    """Part of the message that the filter applies to. Default: MessageAttributes."""

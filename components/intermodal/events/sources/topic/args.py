"""Arguments of source `topic`."""

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
    """Messages of an SNS topic in raw form, without SNS's envelope."""

    arn: Input[str]
    """ARN of the topic."""
    filter: NotRequired[dict[str, Any]]
    """SNS filter policy. Default: every message."""
    filter_scope: NotRequired[FilterScope]
    """Part of the message that the filter applies to. Default: MessageAttributes."""

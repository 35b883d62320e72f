"""Arguments of the `topic` source."""

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from pulumi import Input


class FilterScope(Enum):
    """Part of a message to which a filter policy applies."""

    ATTRIBUTES = "MessageAttributes"
    """The message's attributes."""
    BODY = "MessageBody"
    """The message body, which must be JSON."""


if TYPE_CHECKING:
    FilterScopeLike = FilterScope | Literal["MessageAttributes", "MessageBody"]
else:
    FilterScopeLike = FilterScope  # Pulumi's schema cannot express the union


class TopicSourceArgs(TypedDict):
    """Messages from an SNS topic."""

    arn: Input[str]
    """Topic ARN."""
    filter: NotRequired[dict[str, Any]]
    """SNS filter policy. Default: deliver all messages."""
    filter_scope: NotRequired[FilterScopeLike]
    """Part of the message to which the filter applies. Default: MessageAttributes."""
    raw: NotRequired[bool]
    """Deliver the message and its attributes without the SNS envelope. Set False for handlers that read `Message` from
    the envelope. Default: True."""

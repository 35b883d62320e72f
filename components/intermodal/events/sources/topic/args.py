"""Arguments of the `topic` source."""

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from pulumi import Input


class FilterScope(Enum):
    """Part of a message that a filter policy applies to."""

    ATTRIBUTES = "MessageAttributes"
    """The message's attributes."""
    BODY = "MessageBody"
    """The message itself, which must be JSON."""


if TYPE_CHECKING:
    FilterScopeLike = FilterScope | Literal["MessageAttributes", "MessageBody"]
else:
    FilterScopeLike = FilterScope  # the part that Pulumi's schema can express


class TopicSourceArgs(TypedDict):
    """Messages from an SNS topic."""

    arn: Input[str]
    """Topic ARN."""
    filter: NotRequired[dict[str, Any]]
    """SNS filter policy. Default: all messages pass."""
    filter_scope: NotRequired[FilterScopeLike]
    """Part of the message that the filter applies to. Default: MessageAttributes."""
    raw: NotRequired[bool]
    """Deliver the message itself, with its attributes. False keeps the SNS envelope, in which handlers that were
    written for it read `Message`. Default: True."""

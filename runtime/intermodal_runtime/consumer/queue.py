"""Define the consumer's queue interface and its errors."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .messages import Message


class Rejected(NamedTuple):
    """A message whose entry in a batch request was rejected."""

    message: Message
    code: str
    final: bool
    """Whether a retry would also fail."""
    text: str = ""
    """Error message from SQS."""

    @property
    def lease_lost(self) -> bool:
        """Whether another consumer may have the message, or the message no longer exists.

        For a receipt handle that was valid before, SQS returns InvalidParameterValue with the parameter only in the
        message (aws-sdk-java#1628, aws-sdk-js#1750).
        """
        if self.code.endswith("InvalidParameterValue"):
            return "parameter ReceiptHandle is invalid" in self.text
        return self.code.endswith(("ReceiptHandleIsInvalid", "MessageNotInflight"))


class QueueUnavailableError(Exception):
    """An SQS call failed because of the connection, permissions or throttling; a retry may succeed."""


class QueueGoneError(Exception):
    """The queue does not exist."""


class Queue(Protocol):
    """An SQS queue. Calls raise only `QueueUnavailableError` and `QueueGoneError`."""

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Receive up to 10 messages within `wait_seconds`; `attempt_id` makes retries safe on FIFO queues."""

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Delete up to 10 messages; return the rejected messages."""

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Change the visibility timeouts of up to 10 messages, in seconds; return the rejected messages."""

    async def maximum_receives(self) -> int:
        """Return the number of receives after which a message moves to the dead-letter queue, or 0 for no limit."""

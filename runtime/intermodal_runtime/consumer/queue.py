"""Define the consumer's queue interface, and the errors that its calls raise."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .messages import Message


class Rejected(NamedTuple):
    """A message whose entry in a batch call was rejected."""

    message: Message
    code: str
    final: bool
    """Whether a retry would be useless."""
    text: str = ""
    """SQS's error message."""

    @property
    def lease_lost(self) -> bool:
        """Whether another consumer may have the message, or it no longer exists.

        For a receipt that was valid before, SQS returns InvalidParameterValue and names the parameter only in the
        message (aws-sdk-java#1628, aws-sdk-js#1750).
        """
        if self.code.endswith("InvalidParameterValue"):
            return "parameter ReceiptHandle is invalid" in self.text
        return self.code.endswith(("ReceiptHandleIsInvalid", "MessageNotInflight"))


class QueueUnavailableError(Exception):
    """An SQS call failed: no connection, access denied, or throttled. A retry may succeed."""


class QueueGoneError(Exception):
    """The queue does not exist."""


class Queue(Protocol):
    """An SQS queue. Calls raise only `QueueUnavailableError` and `QueueGoneError`."""

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Receive up to 10 messages, waiting up to `wait_seconds`; `attempt_id` makes a retry safe on FIFO queues."""

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Delete up to 10 messages; return those that were rejected."""

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Make up to 10 messages visible again after the given seconds; return those that were rejected."""

    async def maximum_receives(self) -> int:
        """Return the number of receives after which a message becomes a dead letter; 0: never."""

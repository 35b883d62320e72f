"""What a consumer needs of a queue, and how calls to it go wrong."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .messages import Message


class Rejected(NamedTuple):
    """A message that one entry of a batch call was refused for."""

    message: Message
    code: str
    final: bool
    """Whether asking again is of no use."""
    text: str = ""
    """SQS's own words."""

    @property
    def lease_lost(self) -> bool:
        """Whether the message is somebody else's by now, or nobody's.

        Of a receipt that was valid once SQS says InvalidParameterValue, and which parameter only in its text
        (aws-sdk-java#1628, aws-sdk-js#1750).
        """
        if self.code.endswith("InvalidParameterValue"):
            return "parameter ReceiptHandle is invalid" in self.text
        return self.code.endswith(("ReceiptHandleIsInvalid", "MessageNotInflight"))


class QueueUnavailableError(Exception):
    """SQS could not be asked: no connection, no permission, throttled. Asking later may work."""


class QueueGoneError(Exception):
    """There is no such queue."""


class Queue(Protocol):
    """An SQS queue; every call raises `QueueUnavailableError` or `QueueGoneError`, and nothing else."""

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Up to 10 messages, waited for at most `wait_seconds`; `attempt_id` makes a repeat safe on FIFO queues."""

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Delete up to 10 messages; those that were not."""

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Let up to 10 messages be seen again after so many seconds; those that were refused."""

    async def maximum_receives(self) -> int:
        """Return after how many receives a message becomes a dead letter; 0: never."""

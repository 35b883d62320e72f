"""A queue of Amazon SQS, through botocore in threads: botocore knows credentials, endpoints, retries and signatures."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from .messages import Message
from .queue import QueueGoneError, QueueUnavailableError, Rejected

T = TypeVar("T")

GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")
SECONDS_ABOVE_POLL = 10
"""A long poll's answer is late by design: the read time-out stays above it."""


class SqsQueue:
    """One queue. Calls block a thread each, so a parked receive never holds up a delete or a heartbeat."""

    def __init__(self, url: str, arn: str, *, poll_seconds: int = 20, threads: int = 8) -> None:
        self._url, self._arn = url, arn
        config = Config(
            connect_timeout=5,
            read_timeout=poll_seconds + SECONDS_ABOVE_POLL,
            retries={"mode": "standard", "total_max_attempts": 3},
            parameter_validation=False,  # what is sent is made here, and checking it costs as much as sending it
            max_pool_connections=threads,
        )
        session = botocore.session.get_session()
        self._client: Any = session.create_client("sqs", region_name=arn.split(":")[3], config=config)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sqs")

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Up to `maximum` messages with all attributes."""
        attempt = {"ReceiveRequestAttemptId": attempt_id} if attempt_id else {}
        answer = await self._call(
            lambda: self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=maximum,
                WaitTimeSeconds=wait_seconds,
                VisibilityTimeout=visibility_seconds,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
                **attempt,
            )
        )
        return [Message(raw, self._arn) for raw in answer.get("Messages", [])]

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Delete in one call."""
        entries = [{"Id": str(at), "ReceiptHandle": message.receipt} for at, message in enumerate(messages)]
        call = self._client.delete_message_batch
        return _rejected(messages, await self._call(lambda: call(QueueUrl=self._url, Entries=entries)))

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Change in one call."""
        entries = [
            {"Id": str(at), "ReceiptHandle": message.receipt, "VisibilityTimeout": seconds}
            for at, (message, seconds) in enumerate(messages)
        ]
        call = self._client.change_message_visibility_batch
        answer = await self._call(lambda: call(QueueUrl=self._url, Entries=entries))
        return _rejected([message for message, _ in messages], answer)

    def close(self) -> None:
        """Let go of the threads; what they still do ends with the process."""
        self._threads.shutdown(wait=False)
        self._client.close()

    async def _call(self, call: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except ClientError as error:
            kind = error.response.get("Error", {})
            text = f"{kind.get('Code', 'Unknown')}: {kind.get('Message', error)}"
            if kind.get("Code") in GONE:
                raise QueueGoneError(text) from error
            raise QueueUnavailableError(text) from error
        except (BotoCoreError, HTTPClientError) as error:
            raise QueueUnavailableError(f"{type(error).__name__}: {error}") from error


def _rejected(messages: Sequence[Message], answer: dict[str, Any]) -> list[Rejected]:
    return [
        Rejected(messages[int(entry["Id"])], entry["Code"], bool(entry.get("SenderFault")))
        for entry in answer.get("Failed", [])
    ]

"""Create a queue with an event source mapping."""

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

Invoke = Callable[..., tuple[str | None, Any]]


class Inbox:
    """Queue with an event source mapping."""

    def __init__(self, client: Callable[[str], Any], url: str, mapping: str) -> None:
        self._lambda, self._sqs, self._url, self._mapping = client("lambda"), client("sqs"), url, mapping

    def send(self, **body: Any) -> None:
        """Send one message."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(body))

    def result(self) -> str:
        """Return the event source mapping's last processing result."""
        found: str = self._lambda.get_event_source_mapping(UUID=self._mapping).get("LastProcessingResult", "")
        return found

    def count_messages(self) -> int:
        """Count the messages, visible or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(counts[name]) for name in names)


@contextlib.contextmanager
def map_queue(function: Invoke, client: Callable[[str], Any], *, visibility: int) -> Iterator[Inbox]:
    """Map a queue with this visibility timeout to the function."""
    sqs, attributes = client("sqs"), {"VisibilityTimeout": str(visibility)}
    url = sqs.create_queue(QueueName=f"batch-{time.time_ns()}", Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    mapping = client("lambda").create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=function.name,  # type: ignore[attr-defined]
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )["UUID"]
    yield Inbox(client, url, mapping)
    client("lambda").delete_event_source_mapping(UUID=mapping)
    sqs.delete_queue(QueueUrl=url)

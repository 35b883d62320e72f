"""Generate load for a function: send messages and collect the results."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

BATCH = 10


class Load:
    """Load generator for one function; it sends messages and counts the marks that invocations report."""

    def __init__(self, sqs: Any, outputs: Mapping[str, Any]) -> None:
        self._sqs, self._outputs = sqs, outputs
        self.sent: list[str] = []
        self.marks: Counter[tuple[str, str]] = Counter()
        """Number of marks by message ID and mark."""
        self.times: dict[tuple[str, str], float] = {}
        """Time of the first mark in epoch seconds by message ID and mark, for marks that have a time."""
        self._lock = threading.Lock()

    @contextmanager
    def running(self, seconds: float, every_seconds: float) -> Iterator[None]:
        """Send a message every `every_seconds` while the block runs; each message takes `seconds` to handle."""
        ended = threading.Event()

        def keep_sending() -> None:
            while not ended.wait(every_seconds):
                self.send("work", seconds)

        thread = threading.Thread(target=keep_sending)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def send(self, word: str, seconds: float) -> str:
        """Send one message with the command `word` and return its ID."""
        return self.send_all([word], seconds)[0]

    def send_all(self, words: Sequence[str], seconds: float) -> list[str]:
        """Send one message per command in as few calls as possible, and return their IDs."""
        with self._lock:
            names = [f"m{len(self.sent) + at}" for at in range(len(words))]
            self.sent += names
        bodies = [{"do": word, "id": name, "seconds": seconds} for word, name in zip(words, names, strict=True)]
        for start in range(0, len(bodies), BATCH):
            part = bodies[start : start + BATCH]
            entries = [{"Id": one["id"], "MessageBody": json.dumps(one)} for one in part]
            answer = self._sqs.send_message_batch(QueueUrl=self._outputs["inbox_url"], Entries=entries)
            assert not answer.get("Failed")
        return names

    def send_in_group(self, group: str, seconds: float) -> str:
        """Send one message to a FIFO inbox and return its ID."""
        with self._lock:
            name = f"m{len(self.sent)}"
            self.sent.append(name)
        body = json.dumps({"do": "work", "id": name, "seconds": seconds})
        url = self._outputs["inbox_url"]
        self._sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=name)
        return name

    def receives(self) -> int:
        """Receive the only message in the inbox and return how often it was received before."""
        found = self._sqs.receive_message(
            QueueUrl=self._outputs["inbox_url"], VisibilityTimeout=0, MessageSystemAttributeNames=["All"]
        )
        (message,) = found["Messages"]
        return int(message["Attributes"]["ApproximateReceiveCount"]) - 1

    def look(self) -> None:
        """Read new marks from the results queue."""
        for message in self._take(self._outputs["results_url"]):
            mark = json.loads(message["Body"])
            for name in mark.get("ids") or [mark["id"]]:
                self.marks[name, mark["what"]] += 1
                if "at" in mark:
                    self.times.setdefault((name, mark["what"]), mark["at"])

    def under_way(self, name: str) -> bool:
        """Return whether an invocation is handling this message."""
        self.look()
        return self.marks[name, "started"] > self.marks[name, "done"]

    def left(self) -> set[str]:
        """Return the IDs of messages that have not been handled yet."""
        self.look()
        return {name for name in self.sent if not self.marks[name, "done"]}

    def count(self, mark: str) -> int:
        """Return the number of marks with this name."""
        return sum(count for (_, what), count in self.marks.items() if what == mark)

    def log_group(self) -> str:
        """Return the name of the function's log group."""
        return str(self._outputs["log_group"])

    def held(self) -> int:
        """Return the number of messages in the inbox, visible or in flight."""
        url = self._outputs["inbox_url"]
        found = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def dead_letters(self) -> list[dict[str, Any]]:
        """Receive, delete, and return all messages in the dead-letter queue."""
        name = self._outputs["dead_letters_arn"].rpartition(":")[2]
        return list(self._take(self._sqs.get_queue_url(QueueName=name)["QueueUrl"]))

    def _take(self, url: str) -> Iterator[dict[str, Any]]:
        while found := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=BATCH).get("Messages"):
            yield from found
            entries = [{"Id": str(at), "ReceiptHandle": one["ReceiptHandle"]} for at, one in enumerate(found)]
            self._sqs.delete_message_batch(QueueUrl=url, Entries=entries)

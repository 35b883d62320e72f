"""Count ReceiveMessage calls per queue, as CloudWatch does (SQS developer guide, CloudWatch metrics)."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

KEPT_SECONDS = 60.0


@dataclass(frozen=True)
class Receive:
    """A ReceiveMessage call."""

    at: float
    messages: int


class Receives:
    """ReceiveMessage calls in the last minute by queue ARN; all methods are thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._calls: dict[str, deque[Receive]] = defaultdict(deque)

    def note(self, queue_arn: str, messages: int) -> None:
        """Record a ReceiveMessage call and the number of messages that it returned."""
        with self._lock:
            calls = self._calls[queue_arn]
            calls.append(Receive(self._clock(), messages))
            while calls and calls[0].at < self._clock() - KEPT_SECONDS:
                calls.popleft()

    def messages(self, queue_arn: str, seconds: float) -> int:
        """Return the number of messages received in the last `seconds`."""
        return sum(call.messages for call in self._last(queue_arn, seconds))

    def empty(self, queue_arn: str, seconds: float) -> int:
        """Return the number of calls in the last `seconds` that returned no messages."""
        return sum(not call.messages for call in self._last(queue_arn, seconds))

    def _last(self, queue_arn: str, seconds: float) -> list[Receive]:
        with self._lock:
            since = self._clock() - seconds
            return [call for call in self._calls[queue_arn] if call.at >= since]


RECEIVES = Receives()
"""ReceiveMessage calls to this process."""

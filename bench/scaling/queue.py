"""Model a queue, the tasks that consume it, and the metrics that SQS publishes to CloudWatch."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

BATCH = 10
POLL_SECONDS = 20
"""Wait time of an empty ReceiveMessage call."""

ACTIVE_SECONDS = 6 * 3600
"""Time after the last action when SQS stops publishing metrics (SQS developer guide, CloudWatch metrics)."""

WAKING_SECONDS = 15 * 60
"""Maximum delay of metrics after an inactive queue becomes active (same page)."""


@dataclass(frozen=True)
class Message:
    """A message in a scenario."""

    arrives: float
    seconds: float
    """Seconds of work that the message requires."""


@dataclass
class Task:
    """A task in the service."""

    ready: float
    busy_until: float = 0.0
    held: int = 0
    oldest: float = 0.0
    """Arrival time of the oldest message that this task is handling."""
    polls_at: float = 0.0


@dataclass
class Queue:
    """Simulated queue with the counters for the current minute."""

    messages: Sequence[Message]
    foreign: int = 0
    """Empty receives per minute of another consumer."""
    waits: list[float] = field(default_factory=list)
    """Seconds that each message waited before it was received."""
    waiting: deque[Message] = field(default_factory=deque)
    received: int = 0
    empty: int = 0
    next: int = 0
    acted: float = 0.0
    woke: float = -WAKING_SECONDS
    """Time when the queue last became active; its metrics are delayed for WAKING_SECONDS."""

    def arrive(self, now: float) -> None:
        """Add the messages that have arrived by now."""
        while self.next < len(self.messages) and self.messages[self.next].arrives <= now:
            self.act(now)
            self.waiting.append(self.messages[self.next])
            self.next += 1

    def act(self, now: float) -> None:
        """Record an action, which keeps the queue active."""
        if now - self.acted > ACTIVE_SECONDS:
            self.woke = now
        self.acted = now

    def serve(self, task: Task, now: float) -> None:
        """Let an idle task receive a batch of messages."""
        if now < task.ready or now < task.busy_until:
            return
        task.held = 0
        if self.waiting:
            batch = [self.waiting.popleft() for _ in range(min(BATCH, len(self.waiting)))]
            self.waits += [now - message.arrives for message in batch]
            self.received += len(batch)
            task.held, task.oldest = len(batch), batch[0].arrives
            task.busy_until = now + sum(message.seconds for message in batch)
            task.polls_at = task.busy_until + POLL_SECONDS
            self.act(now)
        elif now >= max(task.polls_at, task.ready):
            if task.polls_at:
                self.empty += 1
            task.polls_at = now + POLL_SECONDS
            self.act(now)

    def sample(self, tasks: Sequence[Task], now: float) -> Mapping[str, float] | None:
        """Return the metrics for the minute that ends now, or None if the queue is inactive; reset the counters."""
        busy = [task for task in tasks if now < task.busy_until]
        arrivals = [task.oldest for task in busy] + [message.arrives for message in list(self.waiting)[:1]]
        if now - self.acted > ACTIVE_SECONDS and not self.waiting:
            found = None
        else:
            found = {
                "ApproximateNumberOfMessagesVisible": float(len(self.waiting)),
                "ApproximateNumberOfMessagesNotVisible": float(sum(task.held for task in busy)),
                "ApproximateAgeOfOldestMessage": now - min(arrivals, default=now),
                "NumberOfMessagesReceived": float(self.received),
                "NumberOfEmptyReceives": float(self.empty + self.foreign),
            }
        self.received = self.empty = 0
        return found

"""What a consumer is told; numbers that SQS and Lambda fix have their source beside them."""

from dataclasses import dataclass

MAXIMUM_HELD_SECONDS = 43_200
"""A message may be held 12 h from its receive, however often it is extended (SQS guide, visibility timeout)."""

HELD_MARGIN_SECONDS = 60
"""Kept free at the end of the 12 h, for the answer, the delete and clocks that differ."""

MAXIMUM_EVENT_BYTES = 6 * 1024 * 1024
"""Largest event of an invocation (Lambda quotas, invocation payload)."""

RECEIVE_MAXIMUM = 10
"""Messages of one receive, and entries of one batch call (SQS API reference)."""

LAMBDA_TIMEOUTS = 6
"""Visibility timeout of an inbox, in timeouts of its function (Lambda guide, creating an SQS event source mapping)."""

LONGEST_POLL_SECONDS = 20

RELEASE_MARGIN_SECONDS = 5
"""Above the longest poll, for answers that are on their way."""


@dataclass(frozen=True, kw_only=True)
class ConsumerSettings:
    """Of one consumer; the defaults are those of an event source mapping where it has the setting."""

    batch_size: int = 10
    """Messages of one event: 1-10, up to 10,000 with a window on a standard queue."""
    window_seconds: float = 0.0
    """How long a batch may fill, 0-300."""
    report_failures: bool = True
    """Whether the function's `batchItemFailures` count (ReportBatchItemFailures)."""
    fifo: bool = False
    lease_seconds: int = 120
    """Visibility of what is held, renewed every third of it: a killed consumer's messages come back after it."""
    poll_seconds: int = LONGEST_POLL_SECONDS
    """Longest wait of one receive."""
    retry_seconds: int = 10
    """Until a failed message comes back the first time; doubled each time, up to `longest_retry_seconds`."""
    longest_retry_seconds: int = 900
    empty_polls: int = 0
    """End after this many empty receives in a row; 0: never."""
    run_seconds: float = 0.0
    """Take new messages for so long, then end; 0: for ever."""
    grace_seconds: float = 30.0
    """From the stop signal to the kill: an open event may use it but for `grace_margin_seconds`."""
    grace_margin_seconds: float = 5.0
    start_seconds: float = 300.0
    """How long the app may take to ask for the first time: its image is pulled meanwhile, on ECS and on Kubernetes."""
    return_seconds: float = 60.0
    """How long an app that crashed may take to ask again before the consumer gives up."""
    hang_seconds: float = 10.0
    """How long an app whose event timed out may take to ask again."""
    pause_seconds: float = 10.0
    """Longest pause between attempts while SQS refuses or cannot be reached."""

    def __post_init__(self) -> None:
        """ValueError with every setting that a queue of this kind cannot have."""
        problems = []
        most = RECEIVE_MAXIMUM if self.fifo or self.window_seconds < 1 else 10_000
        if not 1 <= self.batch_size <= most:
            advice = "a FIFO queue takes 10" if self.fifo else "above 10 needs window_seconds of at least 1"
            problems.append(f"batch_size must be from 1 to {most}, got {self.batch_size}; {advice}")
        if not 0 <= self.window_seconds <= 300:
            problems.append(f"window_seconds must be from 0 to 300, got {self.window_seconds:g}")
        if self.fifo and self.window_seconds:
            problems.append("window_seconds must be 0 on a FIFO queue, which has no batching window")
        if not 3 <= self.lease_seconds <= MAXIMUM_HELD_SECONDS - HELD_MARGIN_SECONDS:
            problems.append(f"lease_seconds must be from 3 to 43140, got {self.lease_seconds}")
        if not 0 <= self.poll_seconds <= LONGEST_POLL_SECONDS:
            problems.append(f"poll_seconds must be from 0 to 20, got {self.poll_seconds}")
        if not 1 <= self.retry_seconds <= self.longest_retry_seconds <= MAXIMUM_HELD_SECONDS:
            given = f"{self.retry_seconds} and {self.longest_retry_seconds}"
            problems.append(f"retry_seconds must be from 1 to longest_retry_seconds, got {given}")
        if problems:
            raise ValueError("ConsumerSettings: " + "; ".join(problems))

    @property
    def heartbeat_seconds(self) -> float:
        """Between two renewals of a lease (sqs-consumer and shoryuken use a third to a half)."""
        return self.lease_seconds / 3


def cap_visibility(held_seconds: float, wanted_seconds: int) -> int:
    """Visibility that a message held so long may still be given, 0 when its 12 h are over.

    SQS refuses what goes past 12 h from the receive (aws-sdk-net#794), so what passed is taken off.
    """
    left = int(MAXIMUM_HELD_SECONDS - HELD_MARGIN_SECONDS - held_seconds)
    return max(0, min(wanted_seconds, left))


def cap_retry_pauses(first_seconds: int, longest_seconds: int, timeout_seconds: float) -> tuple[int, int]:
    """Return the first and the longest pause before a retry, none longer than Lambda's.

    Lambda leaves a failed message to the visibility timeout of its queue: six timeouts, each time. For hours of work
    that is half a day, so here the pause grows from seconds, and never above Lambda's.
    """
    most = max(1, int(LAMBDA_TIMEOUTS * timeout_seconds))
    longest = min(max(first_seconds, longest_seconds), most)
    return min(first_seconds, longest), longest


def release_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Seconds until a message that no handler saw comes back: the first time none.

    Then longer than any receive lasts that is under way: consumers that end together, or are not wanted, would hand it
    from one to the next until it is a dead letter.
    """
    return 0 if receive_count <= 1 else settings.poll_seconds + RELEASE_MARGIN_SECONDS


def retry_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Seconds until a failed message comes back: a growing pause, never 0, which would use up its receives at once."""
    doublings = min(max(0, receive_count - 1), 20)
    return min(settings.retry_seconds << doublings, settings.longest_retry_seconds)

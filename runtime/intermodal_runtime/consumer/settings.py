"""Settings of a consumer; limits of SQS and Lambda have their source."""

from dataclasses import dataclass

MAXIMUM_HELD_SECONDS = 43_200
"""Maximum time in flight: 12 h from the receive, however often it is extended (SQS guide, visibility timeout)."""

HELD_MARGIN_SECONDS = 60
"""Margin at the end of the 12 h, for the response, the delete and clock differences."""

MAXIMUM_EVENT_BYTES = 6 * 1024 * 1024
"""Maximum size of an event (Lambda quotas, invocation payload)."""

RECEIVE_MAXIMUM = 10
"""Maximum messages of one receive, and entries of one batch call (SQS API reference)."""

LAMBDA_TIMEOUTS = 6
"""Visibility timeout of an inbox, in timeouts of its function (Lambda guide, creating an SQS event source mapping)."""

LONGEST_POLL_SECONDS = 20

RELEASE_MARGIN_SECONDS = 5
"""Margin above the longest poll, for responses in transit."""


@dataclass(frozen=True, kw_only=True)
class ConsumerSettings:
    """Settings of one consumer. Defaults are those of an event source mapping, if it has the setting."""

    batch_size: int = 10
    """Maximum messages of one event: 1-10; up to 10,000 with a window on a standard queue."""
    window_seconds: float = 0.0
    """Batching window in seconds, 0-300."""
    report_failures: bool = True
    """Whether to honour `batchItemFailures` (ReportBatchItemFailures)."""
    fifo: bool = False
    lease_seconds: int = 120
    """Visibility timeout of received messages, renewed at a third of it. A killed consumer's messages reappear after
    it."""
    poll_seconds: int = LONGEST_POLL_SECONDS
    """Maximum wait of one receive."""
    retry_seconds: int = 10
    """Pause before the first redelivery of a failed message, doubled each time up to `longest_retry_seconds`."""
    longest_retry_seconds: int = 900
    empty_polls: int = 0
    """Stop after this many consecutive empty receives; 0: never."""
    run_seconds: float = 0.0
    """Stop receiving after this time; 0: never."""
    grace_seconds: float = 30.0
    """Time from the stop signal to the kill. An open event may use it except for `grace_margin_seconds`."""
    grace_margin_seconds: float = 5.0
    start_seconds: float = 300.0
    """Maximum time until the app asks for its first event; on ECS and Kubernetes it includes the image pull."""
    return_seconds: float = 60.0
    """Maximum time for a crashed app to ask again."""
    hang_seconds: float = 10.0
    """Maximum time for an app to ask again after its event timed out."""
    pause_seconds: float = 10.0
    """Maximum pause between retries while SQS rejects calls or is unreachable."""

    def __post_init__(self) -> None:
        """Raise ValueError with every setting that this kind of queue does not allow."""
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
        """Interval between two renewals of a lease (sqs-consumer and shoryuken use a third to a half)."""
        return self.lease_seconds / 3


def cap_visibility(held_seconds: float, wanted_seconds: int) -> int:
    """Return the visibility timeout that a message may still get; 0 after its 12 h.

    SQS rejects anything past 12 h from the receive (aws-sdk-net#794), so the elapsed time is subtracted.
    """
    left = int(MAXIMUM_HELD_SECONDS - HELD_MARGIN_SECONDS - held_seconds)
    return max(0, min(wanted_seconds, left))


def cap_retry_pauses(first_seconds: int, longest_seconds: int, timeout_seconds: float) -> tuple[int, int]:
    """Return the first and the longest pause before a retry, none longer than Lambda's.

    Lambda leaves a failed message to its queue's visibility timeout: six timeouts, each time. For hours of work that is
    half a day. Here the pause starts at seconds and grows up to Lambda's.
    """
    most = max(1, int(LAMBDA_TIMEOUTS * timeout_seconds))
    longest = min(max(first_seconds, longest_seconds), most)
    return min(first_seconds, longest), longest


def release_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Return the seconds until an unprocessed message is redelivered; 0 the first time.

    Later it is longer than any receive in progress. Otherwise consumers that stop together would pass a message on
    until it is a dead letter.
    """
    return 0 if receive_count <= 1 else settings.poll_seconds + RELEASE_MARGIN_SECONDS


def retry_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Return the seconds until a failed message is redelivered: a growing pause, never 0, to save its receives."""
    doublings = min(max(0, receive_count - 1), 20)
    return min(settings.retry_seconds << doublings, settings.longest_retry_seconds)

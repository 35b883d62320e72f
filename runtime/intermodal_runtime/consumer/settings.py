"""Define a consumer's settings and the limits of SQS and Lambda."""

from dataclasses import dataclass

MAXIMUM_HELD_SECONDS = 43_200
"""Maximum time in flight: 12 h from the receive, including all extensions (SQS guide, visibility timeout)."""

HELD_MARGIN_SECONDS = 60
"""Reserve before the maximum time in flight for the response, the delete and clock skew."""

MAXIMUM_EVENT_BYTES = 6 * 1024 * 1024
"""Maximum size of an event (Lambda quotas, invocation payload)."""

RECEIVE_MAXIMUM = 10
"""Maximum messages per receive and entries per batch request (SQS API reference)."""

LAMBDA_TIMEOUTS = 6
"""Ratio of an inbox's visibility timeout to the timeout (Lambda guide, creating an SQS event source mapping)."""

LONGEST_POLL_SECONDS = 20

RELEASE_MARGIN_SECONDS = 5
"""Added to the longest poll, so that the delay also covers responses in transit."""


@dataclass(frozen=True, kw_only=True)
class ConsumerSettings:
    """Settings of a consumer. Defaults are the same as in an event source mapping if it has the setting."""

    batch_size: int = 10
    """Maximum messages in one event: 1 to 10, or up to 10,000 with a batch window on a standard queue."""
    window_seconds: float = 0.0
    """Batch window in seconds, 0 to 300."""
    report_failures: bool = True
    """Whether to process `batchItemFailures` in responses (ReportBatchItemFailures)."""
    fifo: bool = False
    lease_seconds: int = 120
    """Visibility timeout of received messages, which is renewed after a third of it. If the consumer is killed, its
    messages reappear after this time."""
    poll_seconds: int = LONGEST_POLL_SECONDS
    """Maximum wait time of one receive."""
    retry_seconds: int = 10
    """Delay before the first redelivery of a failed message; it doubles each time, up to `longest_retry_seconds`."""
    longest_retry_seconds: int = 900
    empty_polls: int = 0
    """Number of consecutive empty receives after which the consumer stops; 0 for no limit."""
    run_seconds: float = 0.0
    """Time after which the consumer stops receiving; 0 for no limit."""
    grace_seconds: float = 30.0
    """Time between SIGTERM and SIGKILL. Open events can use it except for `grace_margin_seconds`."""
    grace_margin_seconds: float = 5.0
    start_seconds: float = 300.0
    """Maximum time until the app requests its first event; on ECS and Kubernetes, it includes the image pull."""
    return_seconds: float = 60.0
    """Maximum time until a crashed app requests an event again."""
    hang_seconds: float = 10.0
    """Maximum time until an app requests an event again after an event timed out."""
    pause_seconds: float = 10.0
    """Maximum delay between retries while SQS rejects calls or is unreachable."""

    def __post_init__(self) -> None:
        """Raise ValueError with all invalid settings."""
        problems = []
        most = RECEIVE_MAXIMUM if self.fifo or self.window_seconds < 1 else 10_000
        if not 1 <= self.batch_size <= most:
            advice = "a FIFO queue allows 10" if self.fifo else "more than 10 requires window_seconds of at least 1"
            problems.append(f"batch_size must be from 1 to {most}, got {self.batch_size}; {advice}")
        if not 0 <= self.window_seconds <= 300:
            problems.append(f"window_seconds must be from 0 to 300, got {self.window_seconds:g}")
        if self.fifo and self.window_seconds:
            problems.append("window_seconds must be 0 on a FIFO queue, which does not support a batch window")
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
        """Interval between lease renewals (sqs-consumer and shoryuken use a third to a half of the timeout)."""
        return self.lease_seconds / 3


def cap_visibility(held_seconds: float, wanted_seconds: int) -> int:
    """Return the longest visibility timeout that is still possible for a message, up to the wanted one; 0 after 12 h.

    SQS rejects timeouts that end more than 12 h after the receive (aws-sdk-net#794), so the elapsed time is subtracted.
    """
    left = int(MAXIMUM_HELD_SECONDS - HELD_MARGIN_SECONDS - held_seconds)
    return max(0, min(wanted_seconds, left))


def cap_retry_pauses(first_seconds: int, longest_seconds: int, timeout_seconds: float) -> tuple[int, int]:
    """Return the first and the longest delay before a retry, neither longer than on Lambda.

    On Lambda, a failed message reappears after the queue's visibility timeout of six times the timeout, which is half a
    day for runs of hours. Here, the delay starts at a few seconds and increases up to Lambda's.
    """
    most = max(1, int(LAMBDA_TIMEOUTS * timeout_seconds))
    longest = min(max(first_seconds, longest_seconds), most)
    return min(first_seconds, longest), longest


def release_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Return the seconds until an unprocessed message is redelivered: 0 after its first receive.

    After later receives, the delay is longer than any receive in progress. Otherwise, consumers that stop at the same
    time would receive the message in turn until it moves to the dead-letter queue.
    """
    return 0 if receive_count <= 1 else settings.poll_seconds + RELEASE_MARGIN_SECONDS


def retry_after(receive_count: int, settings: ConsumerSettings) -> int:
    """Return the seconds until a failed message is redelivered: an increasing delay that is never 0."""
    doublings = min(max(0, receive_count - 1), 20)
    return min(settings.retry_seconds << doublings, settings.longest_retry_seconds)

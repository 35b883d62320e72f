"""Wait for the log lines of functions that fail."""

from collections.abc import Callable
from typing import Any

GROUP = "modes-logs"


def streams_of(client: Callable[[str], Any]) -> set[str]:
    found = client("logs").describe_log_streams(logGroupName=GROUP)["logStreams"]
    return {stream["logStreamName"] for stream in found}


def lines_of(client: Callable[[str], Any], stream: str) -> list[str]:
    found = client("logs").get_log_events(logGroupName=GROUP, logStreamName=stream)["events"]
    return [event["message"] for event in found]

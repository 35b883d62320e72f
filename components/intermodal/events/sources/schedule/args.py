"""Arguments of the `schedule` source."""

from typing import Any, NotRequired, TypedDict


class ScheduleSourceArgs(TypedDict):
    """Events at scheduled times."""

    expression: str
    """Schedule expression: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2027-01-31T08:00:00)`."""
    timezone: NotRequired[str]
    """Time zone for cron and at expressions, such as `Europe/Berlin`, with daylight saving time. Default: `UTC`."""
    input: NotRequired[dict[str, Any]]
    """Message body, sent as JSON. Default: an event in the format of EventBridge's `Scheduled Event`."""

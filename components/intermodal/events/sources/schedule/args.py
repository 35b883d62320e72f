"""Arguments of the `schedule` source."""

from typing import Any, NotRequired, TypedDict


class ScheduleSourceArgs(TypedDict):
    """One event at each scheduled time."""

    expression: str
    """`rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2027-01-31T08:00:00)`."""
    timezone: NotRequired[str]
    """Time zone for cron and at expressions, such as `Europe/Berlin`; daylight saving time is observed. Default:
    `UTC`."""
    input: NotRequired[dict[str, Any]]
    """Message body, as JSON. Default: an event like EventBridge's `Scheduled Event`."""

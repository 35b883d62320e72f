"""Arguments of source `schedule`."""

from typing import Any, NotRequired, TypedDict


class ScheduleSourceArgs(TypedDict):
    """One event at each time of a schedule."""

    expression: str
    """`rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)` or `at(2027-01-31T08:00:00)`."""
    timezone: NotRequired[str]
    """Time zone of cron and at expressions, such as `Europe/Berlin`, with daylight saving time. Default: `UTC`."""
    input: NotRequired[dict[str, Any]]
    """Body of the record, as JSON. Default: an event like EventBridge's `Scheduled Event`."""

"""A log event as a line to read."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef as Event

STREAM_LETTERS = 8


def rendered(event: "Event") -> str:
    """`TIME STREAM TEXT`: the time in UTC, the end of the stream's name, which tells two environments apart."""
    when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).isoformat(sep=" ", timespec="milliseconds")
    return f"{when.removesuffix('+00:00')}Z {event['logStreamName'][-STREAM_LETTERS:]} {text(event['message'])}"


def text(message: str) -> str:
    """An object of JSON as its level, its message and the rest as `key=value`; anything else as it is."""
    plain = message.rstrip().replace("\r", "\n")
    try:
        found = json.loads(plain)
    except json.JSONDecodeError:
        return plain
    return _fields(found) if isinstance(found, dict) and found else plain


def _fields(found: dict[str, Any]) -> str:
    rest = dict(found)
    rest.pop("timestamp", None)  # the line begins with the time
    level, message = rest.pop("level", None), rest.pop("message", None)
    first = [value if isinstance(value, str) else json.dumps(value) for value in (level, message) if value is not None]
    return " ".join([*first, *(f"{key}={_value(value)}" for key, value in rest.items())])


def _value(value: Any) -> str:
    if isinstance(value, str) and value and not set(value) & set(' "='):
        return value
    return json.dumps(value, ensure_ascii=False)

"""Format log events as lines for the terminal."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import indent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef as Event

STREAM_LETTERS = 8

FIRST_KEYS = ("level", "errorType", "message", "errorMessage")
"""Keys whose values are printed first, without the key; used by Lambda's JSON format, its errors and most loggers."""

PLATFORM_FIRST_KEYS = ("type", "status", "errorType")
"""Keys whose values are printed first in lines that the platform writes."""

HIDDEN_PLATFORM_KEYS = ("time", "_aws")
"""Keys that are omitted. The line already starts with the time, and `_aws` only declares which keys are CloudWatch
metrics."""


def format_event(event: "Event") -> str:
    """Return a line with the time in UTC, the end of the stream name, and the message."""
    when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).isoformat(sep=" ", timespec="milliseconds")
    return (
        f"{when.removesuffix('+00:00')}Z {event['logStreamName'][-STREAM_LETTERS:]} {format_message(event['message'])}"
    )


def format_message(message: str) -> str:
    """Format a JSON object as level, message, `key=value` pairs and multi-line values; return other messages as is."""
    plain = message.rstrip().replace("\r", "\n")
    try:
        found = json.loads(plain)
    except json.JSONDecodeError:
        return plain
    return _format_object(found) if isinstance(found, dict) and found else plain


def _format_object(found: dict[str, Any]) -> str:
    rest: dict[str, Any] = dict(found)
    names: Sequence[str] = FIRST_KEYS
    if str(found.get("type", "")).startswith("platform."):
        rest, names = _flatten(found), PLATFORM_FIRST_KEYS
    rest.pop("timestamp", None)  # already at the start of the line
    below = "".join(_indent(rest.pop(key)) for key in [key for key, value in rest.items() if _is_multiline(value)])
    first = [rest.pop(key) for key in names if key in rest]
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in first]
    return " ".join([*texts, *(f"{key}={_format_value(value)}" for key, value in rest.items())]) + below


def _flatten(found: dict[str, Any]) -> dict[str, Any]:
    """Move a platform event's `record` and metrics to the top level (Lambda guide, Telemetry API event schema)."""
    record = dict(found.get("record") or {})
    metrics = dict(record.pop("metrics", None) or {})
    outside = {key: value for key, value in found.items() if key not in {"record", *HIDDEN_PLATFORM_KEYS}}
    return {**outside, **record, **metrics}


def _is_multiline(value: Any) -> bool:
    """Return whether a value spans several lines, such as a stack trace."""
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(text, str) for text in texts) and any("\n" in text for text in texts)


def _indent(value: str | list[str]) -> str:
    texts = [value] if isinstance(value, str) else value
    return "\n" + indent("\n".join(text.rstrip("\n") for text in texts), "    ")


def _format_value(value: Any) -> str:
    if isinstance(value, str) and value and not set(value) & set(' "='):
        return value
    return json.dumps(value, ensure_ascii=False)

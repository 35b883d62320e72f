"""A log event as a line to read."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from textwrap import indent
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import FilteredLogEventTypeDef as Event

STREAM_LETTERS = 8

FIRST_KEYS = ("level", "errorType", "message", "errorMessage")
"""Keys that are shown without their name: those of Lambda's JSON format, of its errors and of most loggers."""

PLATFORM_FIRST_KEYS = ("type", "status", "errorType")
"""And of a line that the platform wrote."""

HIDDEN_PLATFORM_KEYS = ("time", "_aws")
"""The line begins with the time; `_aws` only tells CloudWatch which of the other keys are metrics."""


def format_event(event: "Event") -> str:
    """`TIME STREAM TEXT`: the time in UTC, the end of the stream's name, which tells two environments apart."""
    when = datetime.fromtimestamp(event["timestamp"] / 1000, UTC).isoformat(sep=" ", timespec="milliseconds")
    return (
        f"{when.removesuffix('+00:00')}Z {event['logStreamName'][-STREAM_LETTERS:]} {format_message(event['message'])}"
    )


def format_message(message: str) -> str:
    """An object of JSON as its level, its message, the rest as `key=value` and long text below; else as it is."""
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
    rest.pop("timestamp", None)  # the line begins with the time
    below = "".join(_indent(rest.pop(key)) for key in [key for key, value in rest.items() if _is_multiline(value)])
    first = [rest.pop(key) for key in names if key in rest]
    texts = [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in first]
    return " ".join([*texts, *(f"{key}={_format_value(value)}" for key, value in rest.items())]) + below


def _flatten(found: dict[str, Any]) -> dict[str, Any]:
    """A line of the platform's own with what is in its `record` (Lambda guide, Telemetry API event schema)."""
    record = dict(found.get("record") or {})
    metrics = dict(record.pop("metrics", None) or {})
    outside = {key: value for key, value in found.items() if key not in {"record", *HIDDEN_PLATFORM_KEYS}}
    return {**outside, **record, **metrics}


def _is_multiline(value: Any) -> bool:
    """Whether it is text of several lines, or a list with such text, as a stack trace is."""
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(text, str) for text in texts) and any("\n" in text for text in texts)


def _indent(value: str | list[str]) -> str:
    texts = [value] if isinstance(value, str) else value
    return "\n" + indent("\n".join(text.rstrip("\n") for text in texts), "    ")


def _format_value(value: Any) -> str:
    if isinstance(value, str) and value and not set(value) & set(' "='):
        return value
    return json.dumps(value, ensure_ascii=False)

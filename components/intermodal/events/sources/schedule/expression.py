"""Validate schedule expressions before deployment, so that EventBridge Scheduler does not reject them.

Source: EventBridge Scheduler user guide, Schedule types.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import available_timezones

from intermodal.problems.errors import suggest

RATE = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)")
CRON = re.compile(r"cron\(([^()]*)\)")
AT = re.compile(r"at\(([^()]*)\)")
AT_FORM = "%Y-%m-%dT%H:%M:%S"

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


class Field(NamedTuple):
    """A field in a cron expression."""

    name: str
    first: int
    last: int
    words: tuple[str, ...] = ()
    """Value names, starting with the name for `first`."""
    special: str = ""
    """Pattern for the special values that the field accepts."""


FIELDS = (
    Field("minutes", 0, 59),
    Field("hours", 0, 23),
    Field("day of month", 1, 31, special=r"\?|L|LW|\d+W"),
    Field("month", 1, 12, MONTHS),
    Field("day of week", 1, 7, DAYS, special=r"\?|L|[1-7]L|[1-7]#[1-5]|[A-Z]{3}#[1-5]"),
    Field("year", 1970, 2199),
)
EXAMPLES = "write rate(5 minutes), cron(0 8 ? * MON-FRI *) or at(2027-01-31T08:00:00)"


def explain_invalid(expression: object) -> str | None:
    """Return why Scheduler would reject the expression, or None if it is valid."""
    text = str(expression)
    if rate := RATE.fullmatch(text):
        return _explain_rate(int(rate.group(1)), rate.group(2), plural=bool(rate.group(3)))
    if cron := CRON.fullmatch(text):
        return _explain_cron(cron.group(1).split())
    if at := AT.fullmatch(text):
        return _explain_at(at.group(1))
    return f"must be a rate, cron or at expression, got {expression!r}; {EXAMPLES}"


def explain_invalid_timezone(name: object) -> str | None:
    """Return why Scheduler would reject the time zone, or None if it is valid."""
    zones = available_timezones()
    if name in zones:
        return None
    return f"must be an IANA time zone such as Europe/Berlin, got {name!r}{suggest(str(name), zones)}"


def _explain_rate(value: int, unit: str, *, plural: bool) -> str | None:
    right = f"rate({value} {unit}{'' if value == 1 else 's'})"
    if value < 1:
        return f"must have a rate of 1 or more, got {value}; write rate(1 {unit})"
    return None if plural == (value != 1) else f"must be written {right}"


def _explain_at(text: str) -> str | None:
    try:
        datetime.strptime(text, AT_FORM)  # noqa: DTZ007 - the zone is a field of its own
    except ValueError:
        return f"must have a time such as at(2027-01-31T08:00:00), got at({text})"
    return None


def _explain_cron(parts: list[str]) -> str | None:
    if len(parts) != len(FIELDS):
        names = ", ".join(field.name for field in FIELDS)
        return f"must have six fields ({names}), got {len(parts)}; {EXAMPLES}"
    for field, part in zip(FIELDS, parts, strict=True):
        for piece in part.split(","):
            if not _fits(field, piece):
                return f"has an invalid {field.name}, {piece!r}; allowed are {field.first} to {field.last}"
    if (parts[2] == "?") == (parts[4] == "?"):
        return "must have ? as the day of month or the day of week, but not both"
    return None


def _fits(field: Field, piece: str) -> bool:
    if field.special and re.fullmatch(field.special, piece):
        return True
    body, step, every = piece.partition("/")
    if step and not (every.isdecimal() and int(every) > 0):
        return False
    if body == "*":
        return True
    first, dash, last = body.partition("-")
    ends = [_parse_number(field, first), _parse_number(field, last) if dash else _parse_number(field, first)]
    return all(end is not None and field.first <= end <= field.last for end in ends)


def _parse_number(field: Field, word: str) -> int | None:
    names: Mapping[str, int] = {name: field.first + index for index, name in enumerate(field.words)}
    return int(word) if word.isdecimal() else names.get(word)

"""Schedule expressions and event patterns are accepted or rejected as AWS does."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal.events import pattern
from intermodal.events.sources.schedule import expression

VALID = [
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 day)",
    "cron(0 8 ? * MON-FRI *)",
    "cron(0/15 * * * ? *)",
    "cron(0 0 L * ? 2027-2030)",
    "cron(0 0 ? JAN,JUL 2#1 *)",
    "cron(0 0 15W * ? *)",
    "at(2027-01-31T08:00:00)",
]
INVALID = {
    "5 minutes": "must be a rate, cron or at expression, got '5 minutes'; "
    "use rate(5 minutes), cron(0 8 ? * MON-FRI *) or at(2027-01-31T08:00:00)",
    "rate(1 hours)": "must be written as rate(1 hour)",
    "rate(2 hour)": "must be written as rate(2 hours)",
    "rate(0 days)": "must have a rate of at least 1, got 0; use rate(1 day)",
    "rate(5 seconds)": "must be a rate, cron or at expression, got 'rate(5 seconds)'; "
    "use rate(5 minutes), cron(0 8 ? * MON-FRI *) or at(2027-01-31T08:00:00)",
    "cron(0 8 * * *)": "must have six fields (minutes, hours, day of month, month, day of week, year), got 5; "
    "use rate(5 minutes), cron(0 8 ? * MON-FRI *) or at(2027-01-31T08:00:00)",
    "cron(0 8 * * * *)": "must have ? as either the day of month or the day of week, but not both",
    "cron(0 8 ? * ? *)": "must have ? as either the day of month or the day of week, but not both",
    "cron(60 8 ? * MON *)": "has the invalid minutes '60'; use values from 0 to 59",
    "cron(0 8 ? * MONDAY *)": "has the invalid day of week 'MONDAY'; use values from 1 to 7",
    "cron(0 8 32 * ? *)": "has the invalid day of month '32'; use values from 1 to 31",
    "cron(0 */0 * * ? *)": "has the invalid hours '*/0'; use values from 0 to 23",
    "at(2027-02-30T08:00:00)": (
        "must contain a date and time, such as at(2027-01-31T08:00:00), got at(2027-02-30T08:00:00)"
    ),
}


@pytest.mark.parametrize("text", VALID)
def test_valid_expressions_are_accepted(text: str) -> None:
    assert expression.explain_invalid(text) is None


@pytest.mark.parametrize("text", INVALID)
def test_invalid_expressions_are_refused(text: str) -> None:
    assert expression.explain_invalid(text) == INVALID[text]


@given(st.integers(min_value=1, max_value=10_000), st.sampled_from(["minute", "hour", "day"]))
def test_rate_unit_is_singular_for_one_and_plural_otherwise(value: int, unit: str) -> None:
    right, other = (unit, f"{unit}s") if value == 1 else (f"{unit}s", unit)
    assert expression.explain_invalid(f"rate({value} {right})") is None
    assert expression.explain_invalid(f"rate({value} {other})") == f"must be written as rate({value} {right})"


@given(st.integers(min_value=-100, max_value=100))
def test_hour_is_from_0_to_23(hour: int) -> None:
    assert (expression.explain_invalid(f"cron(0 {hour} ? * * *)") is None) == (0 <= hour <= 23)


GOOD_PATTERNS: list[dict[str, Any]] = [
    {"source": ["aws.s3"], "detail": {"bucket": {"name": ["b"]}, "object": {"key": [{"prefix": "in/"}]}}},
    {"detail": {"n": [{"numeric": [">", 0, "<=", 5]}], "x": [{"exists": False}], "ip": [{"cidr": "10.0.0.0/24"}]}},
    {"detail": {"s": [{"anything-but": ["a", 1]}, {"anything-but": {"prefix": "b"}}, None, True]}},
    {"$or": [{"source": ["a"]}, {"detail-type": [{"suffix": "z"}]}]},
    {"id": [{"prefix": {"equals-ignore-case": "AB"}}, {"wildcard": "a*b"}, {"equals-ignore-case": "x"}]},
]
BAD_PATTERNS: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({}, "p must have at least one field, got {}; an empty pattern would match all events"),
    "no list": ({"source": "a"}, "p.source must be a list of values or a nested pattern, got 'a'; enclose it in [ ]"),
    "empty list": ({"source": []}, "p.source must be a list of values or a nested pattern, got []; enclose it in [ ]"),
    "nested list": (
        {"a": [["b"]]},
        "p.a[0] must be a value or an operator, got the list ['b']; remove the inner [ ]",
    ),
    "two operators": (
        {"a": [{"prefix": "x", "suffix": "y"}]},
        "p.a[0] must have exactly one operator, got 2; use a separate item for each",
    ),
    "exists with a string": ({"a": [{"exists": "yes"}]}, "p.a[0].exists must be true or false, got 'yes'"),
    "numeric without a number": (
        {"a": [{"numeric": [">", "1"]}]},
        """p.a[0].numeric must be comparisons and numbers, such as [">", 0, "<=", 5], got ['>', '1']""",
    ),
    "unknown operator": (
        {"a": [{"prefx": "x"}]},
        "p.a[0] must be one of prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists, cidr, "
        'got "prefx"; did you mean "prefix"?',
    ),
    "or with one alternative": (
        {"$or": [{"a": ["b"]}]},
        "p.$or must be a list of at least two patterns, got [{'a': ['b']}]",
    ),
}


@pytest.mark.parametrize("given_pattern", GOOD_PATTERNS, ids=str)
def test_valid_patterns_are_accepted(given_pattern: dict[str, Any]) -> None:
    assert list(pattern.find_problems("p", given_pattern)) == []


@pytest.mark.parametrize("case", BAD_PATTERNS)
def test_invalid_patterns_are_refused(case: str) -> None:
    given_pattern, sentence = BAD_PATTERNS[case]
    assert [str(problem) for problem in pattern.find_problems("p", given_pattern)] == [sentence]

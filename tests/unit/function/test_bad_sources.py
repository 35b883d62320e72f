"""Invalid sources are rejected, each with its message."""

from typing import Any

import pytest

from tests.unit.function.definitions import refusal

TOPIC = "arn:aws:sns:eu-central-1:123456789012:orders"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "filter with a value outside a list": (
        {"sources": [{"topic": {"arn": TOPIC, "filter": {"kind": "order"}}}]},
        "sources[0].topic.filter.kind must be a list of values, got 'order'; use ['order'].",
    ),
    "nested filter on message attributes": (
        {"sources": [{"topic": {"arn": TOPIC, "filter": {"detail": {"kind": ["order"]}}}}]},
        "sources[0].topic.filter.detail must be a list of values for filter_scope MessageAttributes, got "
        "{'kind': ['order']}; use filter_scope: \"MessageBody\" for nested keys.",
    ),
    "open API without a limit": (
        {"sources": [{"http": {"authorization": "none"}}]},
        "sources[0].http.requests_per_second is required with authorization none, which lets anyone send "
        "requests; set the "
        "maximum rate that you expect.",
    ),
    "source that cannot be disabled": (
        {"sources": [{"http": {}, "enabled": False}]},
        "sources[0].enabled has no effect on http, where senders control delivery, only on bus, bucket, "
        "topic, schedule; "
        "remove it.",
    ),
    "duplicate source": (
        {"sources": [{"bucket": {"bucket": "a"}}, {"bucket": {"bucket": "a"}, "name": "again"}]},
        'sources has the same bucket in "bucket" and "again", which would duplicate events; remove one.',
    ),
    "two sources of the same name": (
        {"sources": [{"bucket": {"bucket": "a"}}, {"bucket": {"bucket": "b"}}]},
        'sources contains the name "bucket" 2 times; set a unique `name` for each source.',
    ),
    "source with two kinds": (
        {"sources": [{"queue": {}, "bus": {"pattern": {}}}]},
        "sources[0] must have exactly one of queue, bus, bucket, topic, schedule, http, got queue and bus; "
        "use a separate block for each.",
    ),
    "sources as a mapping": (
        {"sources": {"queue": {}}},
        "sources must be a list, got {'queue': {}}; enclose it in [ ].",
    ),
    "pattern as a string": (
        {"sources": [{"bus": {"pattern": "shop"}}]},
        "sources[0].bus.pattern must be a mapping with string keys, got 'shop'.",
    ),
    "every principal may send": (
        {"sources": [{"queue": {"senders": ["*"]}}]},
        'sources[0].queue.senders[0] must be the ARN of a principal, got "*", which allows everyone; list the senders.',
    ),
    "unknown operator in a pattern": (
        {"sources": [{"bus": {"pattern": {"detail": {"state": [{"starts-with": "a"}]}}}}]},
        "sources[0].bus.pattern.detail.state[0] must be one of prefix, suffix, equals-ignore-case, wildcard, "
        'anything-but, numeric, exists, cidr, got "starts-with".',
    ),
    "overlong pattern": (
        {"sources": [{"bus": {"pattern": {"source": ["x" * 3000]}}}]},
        "sources[0].bus.pattern must be at most 2048 characters as JSON, got 3015; match fewer values, or use several "
        "sources.",
    ),
    "schedule that AWS rejects": (
        {"sources": [{"schedule": {"expression": "rate(1 hours)"}}]},
        "sources[0].schedule.expression must be written as rate(1 hour).",
    ),
    "unknown time zone": (
        {"sources": [{"schedule": {"expression": "rate(1 hour)", "timezone": "Europe/Berln"}}]},
        "sources[0].schedule.timezone must be an IANA time zone such as Europe/Berlin, got 'Europe/Berln'; "
        'did you mean "Europe/Berlin"?',
    ),
    "path with a variable": (
        {"sources": [{"http": {"path": "/orders/{id}"}}]},
        "sources[0].http.path must be / or a path of letters, digits, ., _, ~ and -, such as /orders, got "
        "'/orders/{id}'.",
    ),
    "header that SQS rejects": (
        {"sources": [{"http": {"headers": ["X-Event", "AWS-Event"]}}]},
        "sources[0].http.headers[1] must be a header name of letters, digits and dashes that does not start with AWS, "
        "got 'AWS-Event'.",
    ),
    "header twice": (
        {"sources": [{"http": {"headers": ["X-Event", "x-event"]}}]},
        "sources[0].http.headers[1] is a duplicate of x-event, because HTTP ignores case; remove it.",
    ),
    "too many headers": (
        {"sources": [{"http": {"headers": [f"X-{number}" for number in range(11)]}}]},
        "sources[0].http.headers must have at most 10 items, the maximum of message attributes, got 11; remove the "
        "others.",
    ),
    "bus into a FIFO inbox": (
        {"fifo": True, "sources": [{"bus": {"pattern": {"source": ["a"]}}}]},
        "sources[0] cannot send to a FIFO inbox, only queue and topic can; set fifo: false, or use another source.",
    ),
    "adopted queue beside another source": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}}}, {"topic": {"arn": "t"}}]},
        "sources must contain only the existing queue, whose policy does not allow other sources; remove the "
        "other sources.",
    ),
    "adopted queue and senders": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}, "senders": ["123456789012"]}}]},
        "sources[0].queue.senders and existing are mutually exclusive; the policy of an existing queue is not changed.",
    ),
    "filter scope without a filter": (
        {"sources": [{"topic": {"arn": "t", "filter_scope": "MessageBody"}}]},
        "sources[0].topic.filter_scope requires a filter; set filter, or remove filter_scope.",
    ),
    "sender that is not a principal": (
        {"sources": [{"queue": {"senders": ["arn:aws:iam::*:root"]}}]},
        "sources[0].queue.senders[0] must be an account ID or the ARN of a role or user, without *, "
        'got "arn:aws:iam::*:root".',
    ),
    "standard topic into a FIFO inbox": (
        {"fifo": True, "sources": [{"topic": {"arn": "arn:aws:sns:eu-central-1:123456789012:orders"}}]},
        "sources[0] must be a FIFO topic to send to a FIFO inbox, got arn:aws:sns:eu-central-1:123456789012:orders; "
        "use fifo: false, or another topic.",
    ),
    "alarms for an adopted queue": (
        {"sources": [{"queue": {"existing": {"arn": "a", "url": "u"}}}], "alarm_topic_arns": ["t"]},
        (
            "alarm_topic_arns has no effect on an existing queue, which keeps its type, redrive policy and alarms; "
            "remove it."
        ),
    ),
    "bus of a platform without one": (
        {"sources": [{"bus": {"pattern": {"source": ["a"]}, "bus_name": ""}}]},
        "sources[0].bus.bus_name must be a non-empty string, got ''; set a value, or remove it.",
    ),
    "or with strings": (
        {"sources": [{"bus": {"pattern": {"$or": ["a", "b"]}}}]},
        "sources[0].bus.pattern.$or must be a list of at least two patterns, got ['a', 'b'].",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_problem_is_one_sentence(case: str) -> None:
    change, sentence = CASES[case]
    assert refusal(change) == f'ContainerFunction "scan": {sentence}'


def test_unknown_source_kind_lists_the_kinds() -> None:
    """A second problem says that the source's kind is unknown."""
    kinds = "queue, bus, bucket, topic, schedule, http, name, enabled"
    sentence = f"sources[0].stream is not an argument; use one of {kinds}."
    assert sentence in refusal({"sources": [{"stream": {}}]})

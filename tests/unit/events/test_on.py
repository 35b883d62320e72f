"""`on` builds sources from resources."""

from typing import Any

import pulumi
import pytest
from pulumi_aws import cloudwatch, iam, s3, sns, sqs

from intermodal import ContainerFunction, DefinitionError, Platform, enable_bucket_events, on
from intermodal.events.sources.bucket.source import match_key
from intermodal.limits import Target
from tests.conftest import IMAGE, Run

NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"


def function(name: str, *sources: Any) -> ContainerFunction:
    """Create a function with these sources."""
    return ContainerFunction(name, image=IMAGE, target="lambda", sources=list(sources))


def test_bucket_events_are_enabled_once_for_all_functions(cloud: Run) -> None:
    def program() -> None:
        uploads = s3.Bucket("uploads")
        function("a", on.bucket(uploads, prefix="a/"))
        function("b", on.bucket(uploads, prefix="b/"))
        enable_bucket_events("again", uploads.bucket)

    found = cloud(program)
    assert [key for key in found.resources if key.startswith(NOTIFICATION)] == [f"{NOTIFICATION} uploads-events"]
    assert found.inputs(NOTIFICATION, "uploads-events")["eventbridge"] is True


def test_bucket_by_name_is_not_configured(cloud: Run) -> None:
    found = cloud(lambda: function("a", on.bucket("uploads")) and None)
    assert not [key for key in found.resources if key.startswith(NOTIFICATION)]


def test_bucket_events_use_the_buckets_provider(cloud: Run) -> None:
    def program() -> None:
        other = pulumi.ProviderResource("aws", "other", {})
        on.bucket(s3.Bucket("uploads", opts=pulumi.ResourceOptions(provider=other)))

    assert "other" in (cloud(program).resources[f"{NOTIFICATION} uploads-events"].provider or "")


@pytest.mark.parametrize(
    ("prefix", "suffix", "expected"),
    [
        ("", "", None),
        ("in/", "", {"prefix": "in/"}),
        ("", ".pdf", {"suffix": ".pdf"}),
        ("in/", ".pdf", {"wildcard": "in/*.pdf"}),
        ("a*\\/", "*.pdf", {"wildcard": "a\\*\\\\/*\\*.pdf"}),
    ],
)
def test_key_pattern_matches_prefix_and_suffix(prefix: str, suffix: str, expected: object) -> None:
    assert match_key(prefix, suffix) == expected


def test_resources_become_names_and_arns(cloud: Run) -> None:
    def program() -> None:
        bus, orders = cloudwatch.EventBus("orders"), sns.Topic("orders")
        function("a", on.bus({"source": ["shop"]}, bus=bus), on.topic(orders, raw=False))
        function("b", on.queue(sqs.Queue("work")))

    found = cloud(program)
    assert found.inputs("aws:cloudwatch/eventRule:EventRule", "a-bus-rule")["eventBusName"] == "orders"
    subscription = found.inputs("aws:sns/topicSubscription:TopicSubscription", "a-topic-subscription")
    assert (subscription["topic"], subscription["rawMessageDelivery"]) == ("arn:orders", False)
    mapping = found.inputs("aws:lambda/eventSourceMapping:EventSourceMapping", "b-main-mapping")
    assert mapping["eventSourceArn"].endswith(":work")


def test_on_returns_the_dicts_that_a_program_can_write(cloud: Run) -> None:
    assert on.schedule("rate(1 hour)", name="hourly") == {
        "schedule": {"expression": "rate(1 hour)"},
        "name": "hourly",
    }
    assert on.http("/hooks", authorization="none", requests_per_second=5) == {
        "http": {"path": "/hooks", "authorization": "none", "requests_per_second": 5}
    }
    assert on.queue(senders=["123456789012"]) == {"queue": {"senders": ["123456789012"]}}


def test_other_resource_is_refused(cloud: Run) -> None:
    def program() -> None:
        role: Any = iam.Role("scan", assume_role_policy="{}")
        with pytest.raises(DefinitionError, match=r"on\.bucket: bucket must be one of aws:s3.*, got aws:iam/role:Role"):
            on.bucket(role)

    cloud(program)


def test_bus_name_needs_a_bus(cloud: Run) -> None:
    def program() -> None:
        assert isinstance(Platform("p", bus={}).bus_name, pulumi.Output)
        with pytest.raises(DefinitionError, match='Platform "q": bus is missing; set bus'):
            Platform("q").bus_name  # noqa: B018 - the property raises

    cloud(program)


def test_empty_queue_source_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"sources\[0\].queue must have senders or existing, got {}"):
        ContainerFunction("scan", {"image": IMAGE, "target": Target.LAMBDA, "sources": [{"queue": {}}]})

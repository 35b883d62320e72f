"""Check adds names, defaults and tags, and rejects bad inputs; tested in this process."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import values
from intermodal_offline.providers.naming import DEFAULTS
from intermodal_offline.providers.values import UNKNOWN, Props
from tests.offline.providers.rpc import Plugin

QUEUE, ROLE, BUCKET = "aws:sqs/queue:Queue", "aws:iam/role:Role", "aws:s3/bucket:Bucket"
FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"
NOTIFICATION, PARAMETER = "aws:s3/bucketNotification:BucketNotification", "aws:ssm/parameter:Parameter"
ARN = "arn:aws:sqs:eu-central-1:111122223333:q"
ROLE_ARN = "arn:aws:iam::111122223333:role/r"
IMAGE = {"packageType": "Image", "imageUri": "i:1", "role": "r"}


@pytest.fixture(scope="module")
def plugin() -> Plugin:
    return Plugin(defaultTags={"tags": {"owner": "me", "team": "none"}}).configure()


def test_name_is_made_from_the_seed(plugin: Plugin) -> None:
    first, _ = plugin.check(QUEUE, {})
    again, _ = plugin.check(QUEUE, {})
    other, _ = plugin.check(QUEUE, {}, randomSeed=b"other")
    assert first["name"] == again["name"] != other["name"]
    assert first["name"].startswith("one-")
    assert len(first["name"]) == len("one-") + 7


def test_automatic_name_is_kept(plugin: Plugin) -> None:
    olds, _ = plugin.check(QUEUE, {})
    news, _ = plugin.check(QUEUE, {"delaySeconds": 3}, olds, randomSeed=b"other")
    assert news["name"] == olds["name"]


def test_explicit_name_is_not_kept_as_automatic(plugin: Plugin) -> None:
    olds, _ = plugin.check(QUEUE, {"name": "mine"})
    news, _ = plugin.check(QUEUE, {}, olds)
    assert news["name"] != "mine"


def test_changed_prefix_makes_a_new_name(plugin: Plugin) -> None:
    olds, _ = plugin.check(QUEUE, {"namePrefix": "a-"})
    same, _ = plugin.check(QUEUE, {"namePrefix": "a-"}, olds, randomSeed=b"other")
    news, _ = plugin.check(QUEUE, {"namePrefix": "b-"}, olds)
    assert same["name"] == olds["name"]
    assert news["name"].startswith("b-")


def test_fifo_names_end_in_fifo(plugin: Plugin) -> None:
    assert plugin.check(QUEUE, {"fifoQueue": True})[0]["name"].endswith(".fifo")
    assert "name" in plugin.check(QUEUE, {"fifoQueue": True, "name": "plain"})[1]


def test_bucket_names_are_lower_case(plugin: Plugin) -> None:
    request = provider_pb2.CheckRequest(urn=f"urn:pulumi:s::p::{BUCKET}::MyBucket", randomSeed=b"x")
    assert values.read(plugin.ask("Check", request).inputs)["bucket"].startswith("mybucket-")


@given(length=st.integers(1, 90))
def test_names_fit_or_fail(length: int) -> None:
    request = provider_pb2.CheckRequest(urn=f"urn:pulumi:s::p::{ROLE}::{'x' * length}", randomSeed=b"x")
    request.news.CopyFrom(values.write({"assumeRolePolicy": "{}"}))
    answer = Plugin().ask("Check", request)
    if length + 8 <= 64:
        assert len(values.read(answer.inputs)["name"]) == length + 8
        assert not answer.failures
    else:
        assert [failure.property for failure in answer.failures] == ["name"]


@pytest.mark.parametrize(
    ("mode", "name"),
    [("ENFORCE", "proposed"), ("PROPOSE", "proposed"), ("DISABLE", None)],
)
def test_users_autonaming_is_honoured(plugin: Plugin, mode: str, name: str | None) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    inputs, failures = plugin.check(
        QUEUE, {}, autonaming=options(proposed_name="proposed", mode=options.Mode.Value(mode))
    )
    assert inputs.get("name") == name
    assert ("name" in failures) == (name is None)


# -- defaults and tags


def test_defaults_are_filled_in_and_listed(plugin: Plugin) -> None:
    inputs, failures = plugin.check(MAPPING, {"functionName": "f", "eventSourceArn": ARN})
    assert failures == {}
    assert inputs["enabled"] is True
    assert inputs[DEFAULTS] == ["enabled"]


def test_false_does_not_count_as_missing(plugin: Plugin) -> None:
    inputs, _ = plugin.check(MAPPING, {"functionName": "f", "eventSourceArn": ARN, "enabled": False})
    assert inputs["enabled"] is False


def test_default_tags_are_merged_into_tags_all(plugin: Plugin) -> None:
    inputs, _ = plugin.check(QUEUE, {"tags": {"team": "a"}})
    assert inputs["tags"] == {"team": "a"}
    assert inputs["tagsAll"] == {"owner": "me", "team": "a"}


def test_unknown_tags_make_tags_all_unknown(plugin: Plugin) -> None:
    assert plugin.check(QUEUE, {"tags": {"team": UNKNOWN}})[0]["tagsAll"] == UNKNOWN


def test_numbers_stay_whole() -> None:
    read = values.read(values.write({"a": 3, "b": 2.5, "c": None, "d": [1]}))
    assert read == {"a": 3, "b": 2.5, "d": [1]}
    assert isinstance(read["a"], int)


def test_secrets_are_unwrapped() -> None:
    secret = {values.SIGNATURE: values.SECRET, "value": "x"}
    assert values.read(values.write({"a": secret, "b": [secret]})) == {"a": "x", "b": ["x"]}
    assert values.parse(json.dumps({"tags": secret})) == {"tags": "x"}


# -- rejections


@pytest.mark.parametrize(
    ("token", "inputs", "path", "nearest"),
    [
        (QUEUE, {"visibilityTimeout": 3}, "visibilityTimeout", "visibilityTimeoutSeconds"),
        (FUNCTION, {**IMAGE, "layers": ["l"]}, "layers", ""),
        (FUNCTION, {**IMAGE, "imageConfig": {"command": ["x"]}}, "imageConfig.command", "commands"),
        (NOTIFICATION, {"bucket": "b", "queues": [{"queueArm": ARN}]}, "queues[0].queueArm", "queueArn"),
        (ROLE, {"assumeRolePolicy": "{}", "region": "eu-west-1"}, "region", ""),
    ],
)
def test_unlisted_input_is_refused(plugin: Plugin, token: str, inputs: Props, path: str, nearest: str) -> None:
    _, failures = plugin.check(token, inputs)
    assert set(failures) == {path}
    assert repr(path) in failures[path]
    assert token in failures[path]
    assert nearest in failures[path]


@pytest.mark.parametrize(
    ("token", "inputs", "wrong"),
    [
        (FUNCTION, {"role": ROLE_ARN, "imageUri": "i"}, "packageType"),
        (FUNCTION, {"role": ROLE_ARN, "packageType": "Image"}, "imageUri"),
        (FUNCTION, {"packageType": "Image", "imageUri": "i"}, "role"),
        (QUEUE, {"contentBasedDeduplication": True}, "contentBasedDeduplication"),
        (QUEUE, {"kmsMasterKeyId": "k", "sqsManagedSseEnabled": True}, "kmsMasterKeyId"),
        ("aws:cloudwatch/eventRule:EventRule", {}, "eventPattern"),
        (PARAMETER, {"type": "String"}, "value"),
        (MAPPING, {"functionName": "f"}, "eventSourceArn"),
    ],
)
def test_type_rules(plugin: Plugin, token: str, inputs: Props, wrong: str) -> None:
    assert set(plugin.check(token, inputs)[1]) == {wrong}


@pytest.mark.parametrize("name", ["name", "contentBasedDeduplication", "fifoQueue"])
def test_unknown_values_pass_the_rules(plugin: Plugin, name: str) -> None:
    assert plugin.check(QUEUE, {"fifoQueue": True, name: UNKNOWN})[1] == {}


@pytest.mark.parametrize("given", ["", "eu-west-1"])
def test_region_is_an_input_of_regional_types(plugin: Plugin, given: str) -> None:
    """The official plugin writes its region into the inputs of every regional resource."""
    news = {"region": given} if given else {}
    assert plugin.check("aws:sqs/queue:Queue", news)[0]["region"] == (given or "eu-central-1")
    assert "region" not in plugin.check("aws:iam/role:Role", {"assumeRolePolicy": "{}"})[0]

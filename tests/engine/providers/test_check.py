"""Check and Diff: pure, in this process."""

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from local.providers import compare, values
from local.providers.compare import Comparison
from local.providers.naming import DEFAULTS
from local.providers.table import Field
from local.providers.values import UNKNOWN, Props
from tests.engine.providers.rpc import Plugin

QUEUE, ROLE, BUCKET = "aws:sqs/queue:Queue", "aws:iam/role:Role", "aws:s3/bucket:Bucket"
FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"
NOTIFICATION, PARAMETER = "aws:s3/bucketNotification:BucketNotification", "aws:ssm/parameter:Parameter"
ARN = "arn:aws:sqs:eu-central-1:111122223333:q"
IMAGE = {"packageType": "Image", "imageUri": "i:1", "role": "r"}

names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
leaves = st.one_of(st.text(max_size=5), st.integers(-5, 5), st.booleans(), st.none())
trees = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner)))


@pytest.fixture(scope="module")
def plugin() -> Plugin:
    return Plugin(defaultTags={"tags": {"owner": "me", "team": "none"}}).configure()


# -- names


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


def test_name_that_was_given_once_is_not_kept_as_automatic(plugin: Plugin) -> None:
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
def test_autonaming_of_the_user(plugin: Plugin, mode: str, name: str | None) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    inputs, failures = plugin.check(
        QUEUE, {}, autonaming=options(proposed_name="proposed", mode=options.Mode.Value(mode))
    )
    assert inputs.get("name") == name
    assert ("name" in failures) == (name is None)


# -- defaults and tags


def test_defaults_are_filled_in_and_noted(plugin: Plugin) -> None:
    inputs, failures = plugin.check(MAPPING, {"functionName": "f", "eventSourceArn": ARN})
    assert failures == {}
    assert inputs["enabled"] is True
    assert inputs[DEFAULTS] == ["enabled"]


def test_false_is_no_missing_value(plugin: Plugin) -> None:
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
    assert values.parsed(json.dumps({"tags": secret})) == {"tags": "x"}


# -- refusals


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
        (FUNCTION, {"role": "r", "imageUri": "i"}, "packageType"),
        (FUNCTION, {"role": "r", "packageType": "Image"}, "imageUri"),
        (FUNCTION, {"packageType": "Image", "imageUri": "i"}, "role"),
        (QUEUE, {"contentBasedDeduplication": True}, "contentBasedDeduplication"),
        (QUEUE, {"kmsMasterKeyId": "k", "sqsManagedSseEnabled": True}, "kmsMasterKeyId"),
        ("aws:cloudwatch/eventRule:EventRule", {}, "eventPattern"),
        (PARAMETER, {"type": "String"}, "value"),
        (MAPPING, {"functionName": "f"}, "eventSourceArn"),
    ],
)
def test_rules_of_types(plugin: Plugin, token: str, inputs: Props, wrong: str) -> None:
    assert set(plugin.check(token, inputs)[1]) == {wrong}


@pytest.mark.parametrize("name", ["name", "contentBasedDeduplication", "fifoQueue"])
def test_unknown_values_pass_the_rules(plugin: Plugin, name: str) -> None:
    assert plugin.check(QUEUE, {"fifoQueue": True, name: UNKNOWN})[1] == {}


# -- differences


def paths(answer: Any) -> dict[str, str]:
    """Kind of change by path."""
    kinds = provider_pb2.PropertyDiff.Kind
    return {path: kinds.Name(change.kind) for path, change in answer.detailedDiff.items()}


@pytest.mark.parametrize(
    ("token", "old", "new", "expected"),
    [
        (QUEUE, {"delaySeconds": 0}, {}, {}),
        (QUEUE, {"delaySeconds": 1}, {"delaySeconds": 2}, {"delaySeconds": "UPDATE"}),
        (QUEUE, {"redrivePolicy": '{"a":1,"b":2}'}, {"redrivePolicy": '{ "b": 2, "a": 1 }'}, {}),
        (QUEUE, {"redrivePolicy": '{"a":1}'}, {"redrivePolicy": UNKNOWN}, {"redrivePolicy": "UPDATE"}),
        (QUEUE, {"redrivePolicy": '{"a":1}'}, {}, {}),  # AWS keeps it, as the official provider does
        (QUEUE, {"fifoQueue": True}, {}, {"fifoQueue": "DELETE_REPLACE"}),
        (QUEUE, {"name": "a"}, {"name": UNKNOWN}, {"name": "UPDATE_REPLACE"}),
        (QUEUE, {"region": "eu-central-1"}, {}, {}),
        (QUEUE, {}, {"region": "eu-west-1"}, {"region": "UPDATE_REPLACE"}),
        (ROLE, {"description": "a"}, {}, {"description": "DELETE"}),
        (FUNCTION, {"vpcConfig": {"subnetIds": ["a", "b"]}}, {"vpcConfig": {"subnetIds": ["b", "a"]}}, {}),
        (FUNCTION, {"imageConfig": {}}, {}, {}),
        (FUNCTION, {"environment": {"variables": {}}}, {}, {}),
        (FUNCTION, {"loggingConfig": {"logFormat": "JSON"}}, {}, {}),
        (
            FUNCTION, {"imageConfig": {"commands": ["a"]}}, {"imageConfig": {"commands": ["b"]}},
            {"imageConfig.commands": "UPDATE"},
        ),
        (FUNCTION, {"imageConfig": {"commands": ["a", "b"]}}, {"imageConfig": {"commands": ["b", "a"]}},
         {"imageConfig.commands": "UPDATE"}),
        (MAPPING, {"functionName": "arn:aws:lambda:eu-central-1:1:function:f"}, {"functionName": "f"}, {}),
        (MAPPING, {"functionName": "f"}, {"functionName": "g"}, {"functionName": "UPDATE"}),
        (MAPPING, {"batchSize": 10}, {}, {}),
        (MAPPING, {"enabled": True}, {"enabled": False}, {"enabled": "DELETE"}),
        (PARAMETER, {"tier": "Advanced"}, {"tier": "Standard"}, {"tier": "UPDATE_REPLACE"}),
        (PARAMETER, {"tier": "Standard"}, {"tier": "Advanced"}, {"tier": "UPDATE"}),
        (NOTIFICATION, {"queues": [{"queueArn": "a", "id": "x"}]}, {"queues": [{"queueArn": "a"}]}, {}),
        (NOTIFICATION, {"queues": [{"queueArn": "a"}]}, {"queues": [{"queueArn": "b"}]},
         {"queues[0].queueArn": "UPDATE"}),
        (NOTIFICATION, {"queues": [{"queueArn": "a"}]}, {"queues": [{"queueArn": "a"}] * 2}, {"queues": "UPDATE"}),
    ],
)  # fmt: skip
def test_differences(plugin: Plugin, token: str, old: Props, new: Props, expected: dict[str, str]) -> None:
    answer = plugin.diff(token, old, new)
    assert paths(answer) == expected
    assert (answer.changes == provider_pb2.DiffResponse.DIFF_SOME) == bool(expected)
    assert list(answer.replaces) == [path for path, kind in expected.items() if kind.endswith("REPLACE")]


def test_ignored_changes_are_no_difference(plugin: Plugin) -> None:
    answer = plugin.diff(QUEUE, {"delaySeconds": 1}, {"delaySeconds": 2}, ignoreChanges=["delaySeconds"])
    assert paths(answer) == {}


@pytest.mark.parametrize(("automatic", "first"), [(["name"], False), ([], True)])
def test_deletes_first_only_where_the_user_fixed_the_name(plugin: Plugin, automatic: list[str], *, first: bool) -> None:
    news = {"name": "n", "fifoQueue": True, DEFAULTS: automatic}
    answer = plugin.diff(QUEUE, {"name": "n", DEFAULTS: automatic}, news)
    assert answer.deleteBeforeReplace is first
    unreplaced = plugin.diff(QUEUE, {"name": "n"}, {"name": "n", "delaySeconds": 1})
    assert unreplaced.deleteBeforeReplace is False


FIELDS = {
    "text": Field(wire="Text"),
    "set": Field(wire="Set", normal=compare.unordered),
    "json": Field(wire="Json", normal=compare.document),
    "block": Field(wire="Block", block={"a": Field(wire="A"), "b": Field(wire="B")}),
    "list": Field(wire="List", many=True, block={"a": Field(wire="A")}),
}
SMALL = st.integers(0, 2)
TREES = {
    "text": st.text(max_size=3),
    "set": st.lists(st.sampled_from("abc"), max_size=3),
    "json": trees.map(json.dumps),
    "block": st.fixed_dictionaries({}, optional={"a": SMALL, "b": SMALL}),
    "list": st.lists(st.fixed_dictionaries({}, optional={"a": SMALL}), max_size=2),
}
some_inputs = st.fixed_dictionaries({}, optional=TREES)


@given(some_inputs)
def test_nothing_differs_from_itself(props: Props) -> None:
    assert Comparison(fields=FIELDS).changes(props, props) == []


@given(inputs=some_inputs, live=some_inputs)
def test_refreshed_inputs_mean_what_is_live(inputs: Props, live: Props) -> None:
    seen = compare.observed(FIELDS, inputs, live)
    assert Comparison(fields=FIELDS).changes(seen, live) == []
    assert compare.observed(FIELDS, seen, live) == seen


def test_refresh_leaves_alone_what_aws_fills_in() -> None:
    block = {"a": Field(wire="A"), "filled": Field(wire="F", computed=True)}
    fields = {"block": Field(wire="Block", block=block), "top": Field(wire="Top")}
    live = {"block": {"a": 2, "filled": 3}, "top": 4}
    assert compare.observed(fields, {"block": {"a": 1}}, live, computed={"top"}) == {"block": {"a": 2}}
    assert compare.observed(fields, {"block": {"a": 1}}, live) == {"block": {"a": 2}, "top": 4}


@given(some_inputs)
def test_refresh_without_drift_keeps_the_user_s_form(props: Props) -> None:
    shuffled = {name: list(reversed(value)) if name == "set" else value for name, value in props.items()}
    assert compare.observed(FIELDS, props, shuffled) == props


@given(trees)
def test_json_meaning_ignores_form(tree: Any) -> None:
    assert compare.document(json.dumps(tree, indent=3)) == compare.document(json.dumps(tree))


def test_policies_are_compared_by_meaning() -> None:
    one = '{"Statement":[{"Action":["a"],"Resource":["y","x"]}]}'
    assert compare.policy(one) == compare.policy('{"Statement":[{"Resource":["x","y"],"Action":"a"}]}')
    assert compare.policy(one) != compare.policy('{"Statement":[{"Resource":["x"],"Action":"a"}]}')

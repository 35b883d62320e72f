"""Diff and refresh find exactly the changes that count; tested in this process."""

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from intermodal_offline.providers import compare
from intermodal_offline.providers.aws import sqs
from intermodal_offline.providers.compare import Comparison
from intermodal_offline.providers.naming import DEFAULTS
from intermodal_offline.providers.table import Field
from intermodal_offline.providers.values import UNKNOWN, Props
from tests.offline.providers.rpc import Plugin

QUEUE, ROLE = "aws:sqs/queue:Queue", "aws:iam/role:Role"
FUNCTION, MAPPING = "aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"
NOTIFICATION, PARAMETER = "aws:s3/bucketNotification:BucketNotification", "aws:ssm/parameter:Parameter"
VPC, SUBNET, ROUTE = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/route:Route"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SCHEDULE = "aws:scheduler/schedule:Schedule"

STARTED = {"startDate": "UPDATE"}

names = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
leaves = st.one_of(st.text(max_size=5), st.integers(-5, 5), st.booleans(), st.none())
trees = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner)))


@pytest.fixture(scope="module")
def plugin() -> Plugin:
    return Plugin(defaultTags={"tags": {"owner": "me", "team": "none"}}).configure()


def paths(answer: Any) -> dict[str, str]:
    """Return the kind of change by path."""
    kinds = provider_pb2.PropertyDiff.Kind
    return {path: kinds.Name(change.kind) for path, change in answer.detailedDiff.items()}


def retries(attempts: int) -> Props:
    """Return the inputs for a schedule with retries."""
    return {"target": {"retryPolicy": {"maximumRetryAttempts": attempts}}}


@pytest.mark.parametrize(
    ("token", "old", "new", "expected"),
    [
        (QUEUE, {"delaySeconds": 0}, {}, {}),
        (QUEUE, {"delaySeconds": 1}, {"delaySeconds": 2}, {"delaySeconds": "UPDATE"}),
        (QUEUE, {"redrivePolicy": '{"a":1,"b":2}'}, {"redrivePolicy": '{ "b": 2, "a": 1 }'}, {}),
        (QUEUE, {"redrivePolicy": '{"a":1}'}, {"redrivePolicy": UNKNOWN}, {"redrivePolicy": "UPDATE"}),
        (QUEUE, {"redrivePolicy": '{"a":1}'}, {}, {}),  # AWS keeps it, as does the official provider
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
        (VPC, {"enableDnsHostnames": True}, {}, {}),  # AWS fills it in
        (VPC, {"enableDnsHostnames": True}, {"enableDnsHostnames": False}, {"enableDnsHostnames": "DELETE"}),
        (VPC, {}, {"enableDnsHostnames": False}, {"enableDnsHostnames": "ADD"}),  # Diff does not know the current value
        (SCHEDULE, retries(9), {"target": {}}, {}),
        (SCHEDULE, retries(9), retries(0), {"target.retryPolicy.maximumRetryAttempts": "DELETE"}),
        (SCHEDULE, {"startDate": "2030-01-01T00:00:00Z"}, {"startDate": "2030-01-01T01:00:00+01:00"}, STARTED),
        (SUBNET, {"ipv6CidrBlock": "a"}, {"ipv6CidrBlock": "b"}, {"ipv6CidrBlock": "UPDATE"}),
        (SUBNET, {"ipv6CidrBlock": "a", "assignIpv6AddressOnCreation": True}, {"ipv6CidrBlock": "b"},
         {"assignIpv6AddressOnCreation": "DELETE", "ipv6CidrBlock": "UPDATE_REPLACE"}),
        (RULE, {"cidrIpv4": "a"}, {"cidrIpv4": "b"}, {"cidrIpv4": "UPDATE"}),
        (RULE, {"cidrIpv4": "a"}, {"cidrIpv6": "b"}, {"cidrIpv4": "DELETE_REPLACE", "cidrIpv6": "ADD_REPLACE"}),
        (ROUTE, {"destinationIpv6CidrBlock": "2001:db8:0::/48"}, {"destinationIpv6CidrBlock": "2001:db8::/48"}, {}),
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


def test_ignored_changes_are_not_in_the_diff(plugin: Plugin) -> None:
    answer = plugin.diff(QUEUE, {"delaySeconds": 1}, {"delaySeconds": 2}, ignoreChanges=["delaySeconds"])
    assert paths(answer) == {}


@pytest.mark.parametrize(("automatic", "first"), [(["name"], False), ([], True)])
def test_deletes_first_only_with_a_fixed_name(plugin: Plugin, automatic: list[str], *, first: bool) -> None:
    news = {"name": "n", "fifoQueue": True, DEFAULTS: automatic}
    answer = plugin.diff(QUEUE, {"name": "n", DEFAULTS: automatic}, news)
    assert answer.deleteBeforeReplace is first
    unreplaced = plugin.diff(QUEUE, {"name": "n"}, {"name": "n", "delaySeconds": 1})
    assert unreplaced.deleteBeforeReplace is False


def test_attachment_is_always_deleted_first(plugin: Plugin) -> None:
    answer = plugin.diff(ATTACHMENT, {"role": "r", "policyArn": "a"}, {"role": "r", "policyArn": "b"})
    assert answer.deleteBeforeReplace is True


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
def test_no_resource_differs_from_itself(props: Props) -> None:
    assert Comparison(fields=FIELDS).changes(props, props) == []


@given(inputs=some_inputs, live=some_inputs)
def test_refreshed_inputs_match_the_live_state(inputs: Props, live: Props) -> None:
    seen = compare.refresh(FIELDS, inputs, live)
    assert Comparison(fields=FIELDS).changes(seen, live) == []
    assert compare.refresh(FIELDS, seen, live) == seen


def test_refresh_ignores_values_that_aws_fills_in() -> None:
    block = {"a": Field(wire="A"), "filled": Field(wire="F", computed=True)}
    fields = {"block": Field(wire="Block", block=block), "top": Field(wire="Top")}
    live = {"block": {"a": 2, "filled": 3}, "top": 4}
    assert compare.refresh(fields, {"block": {"a": 1}}, live, computed={"top"}) == {"block": {"a": 2}}
    assert compare.refresh(fields, {"block": {"a": 1}}, live) == {"block": {"a": 2}, "top": 4}


@given(some_inputs)
def test_refresh_without_drift_keeps_the_users_format(props: Props) -> None:
    shuffled = {name: list(reversed(value)) if name == "set" else value for name, value in props.items()}
    assert compare.refresh(FIELDS, props, shuffled) == props


@given(trees)
def test_json_comparison_ignores_formatting(tree: Any) -> None:
    assert compare.document(json.dumps(tree, indent=3)) == compare.document(json.dumps(tree))


def test_policies_are_compared_by_meaning() -> None:
    one = '{"Statement":[{"Action":["a"],"Resource":["y","x"]}]}'
    assert compare.policy(one) == compare.policy('{"Statement":[{"Resource":["x","y"],"Action":"a"}]}')
    assert compare.policy(one) != compare.policy('{"Statement":[{"Resource":["x"],"Action":"a"}]}')


SPACED, COMPACT = '{"b": 2, "a": 1}', '{"a":1,"b":2}'


@pytest.mark.parametrize("name", ["redrivePolicy", "redriveAllowPolicy"])
@pytest.mark.parametrize(
    ("given", "live", "rests"), [(SPACED, COMPACT, True), (COMPACT, COMPACT, True), (COMPACT, SPACED, False)]
)
def test_redrive_policy_is_compared_as_the_api_returns_it(
    plugin: Plugin, name: str, given: str, live: str, rests: bool
) -> None:
    """The official provider normalizes the input, but not the value that SQS returns."""
    seen = compare.refresh(sqs.QUEUE, {name: given}, {name: live})
    assert paths(plugin.diff(QUEUE, seen, {name: given})) == ({} if rests else {name: "UPDATE"})

"""Every component keeps the contract: signature, outputs, tags, parents, names, options and Pulumi's schema."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider

from intermodal import ContainerFunction, Network, Platform
from intermodal.events.inbox import Inbox
from intermodal.function.lane import Lane
from tests.conftest import Cloud, Run

PUBLIC = [ContainerFunction, Network, Platform]
COMPONENTS = [*PUBLIC, Lane, Inbox]
IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
TOPIC = "arn:aws:sns:eu-central-1:123456789012:orders"

EVERY_SOURCE: list[dict[str, Any]] = [
    {"queue": {"senders": ["arn:aws:iam::123456789012:role/shop"]}},
    {"bus": {"pattern": {"source": ["shop"]}}},
    {"bucket": {"bucket": "photos"}},
    {"topic": {"arn": TOPIC}},
    {"schedule": {"expression": "rate(1 hour)"}},
    {"http": {}},
]
NETWORK: dict[str, Any] = {"zones": ["eu-central-1a"], "nat": "single", "endpoints": ["ssm"]}

WITHOUT_TAGS = {
    "aws:apigatewayv2/integration:Integration",
    "aws:apigatewayv2/route:Route",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:ec2/route:Route",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:scheduler/schedule:Schedule",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:sqs/queuePolicy:QueuePolicy",
}
"""Types without tags in pulumi_aws."""


def register_everything(
    tags: dict[str, str] | None = None, opts: pulumi.ResourceOptions | None = None, name: str = "p"
) -> None:
    """Register every component, with every kind of child."""
    tagged: Any = {"tags": tags} if tags else {}
    platform: Any = {"network": NETWORK, "bus": {}, **tagged}
    network: Any = {"zones": ["eu-central-1b"], **tagged}
    scan: Any = {"image": {"uri": IMAGE}, "target": "lambda", "vpc": True, "sources": EVERY_SOURCE, **tagged}
    scan["platform"] = Platform(name, platform, opts).handle
    Network(f"{name}-own", network, opts)
    ContainerFunction(f"{name}-scan", scan, opts)


def test_two_instances_of_one_component_do_not_clash(cloud: Run) -> None:
    def twice() -> None:
        register_everything(name="p")
        register_everything(name="q")

    once, both = cloud(register_everything).list_registrations(), cloud(twice).list_registrations()
    assert len(both) == len(set(both)) == 2 * len(once)


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_takes_name_args_and_opts(component: type) -> None:
    keywords = [] if component in {Inbox, Lane} else ["keywords"]  # created by the library only
    assert list(inspect.signature(component).parameters) == ["name", "args", "opts", *keywords]


@pytest.mark.parametrize("component", COMPONENTS)
def test_registered_outputs_are_the_annotated_ones(
    component: type, cloud: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered: list[set[str]] = []

    def record(self: pulumi.ComponentResource, outputs: dict[str, Any]) -> None:
        if type(self) is component:
            registered.append(set(outputs))

    monkeypatch.setattr(pulumi.ComponentResource, "register_outputs", record)
    cloud(register_everything)
    assert registered
    assert all(found == set(component.__annotations__) for found in registered)


def test_tags_are_set_on_every_child_that_supports_them(cloud: Run) -> None:
    found = cloud(lambda: register_everything({"team": "media"}))
    untagged = {
        key.split()[0]
        for key, args in found.resources.items()
        if key.startswith("aws:") and (args.inputs.get("tags") or {}).get("team") != "media"
    }
    assert untagged == WITHOUT_TAGS


def recording_options(option: str) -> tuple[list[tuple[str, Any]], pulumi.ResourceOptions]:
    """Return options that record every resource's `option`, because mocks do not record options."""
    seen: list[tuple[str, Any]] = []

    def record(args: pulumi.ResourceTransformationArgs) -> None:
        seen.append((f"{args.type_} {args.name}", getattr(args.opts, option)))

    return seen, pulumi.ResourceOptions(transformations=[record])


def test_every_child_has_its_component_as_parent(cloud: Run) -> None:
    seen, opts = recording_options("parent")
    found = cloud(lambda: register_everything(opts=opts))
    top = {"intermodal:index:Platform p", "intermodal:index:Network p-own", "intermodal:index:ContainerFunction p-scan"}
    assert {name for name, parent in seen if parent is None or parent.pulumi_resource_type.startswith("pulumi:")} == top
    assert {name for name, _ in seen} == set(found.list_registrations())


def test_children_use_the_parents_provider(cloud: Run) -> None:
    seen, opts = recording_options("provider")
    cloud(lambda: register_everything(opts=opts))
    assert {provider for name, provider in seen if name.startswith("aws:")} == {None}


def construct_component(cloud: Run, component: str, inputs: dict[str, Any]) -> Cloud:
    """Construct a component as other languages do: camel case, floats for ints, strings for enums."""
    provider = ComponentProvider(list(PUBLIC), "intermodal")
    return cloud(lambda: provider.construct("c", f"intermodal:index:{component}", inputs))


CONSTRUCTED: dict[str, tuple[dict[str, Any], Callable[[], Any]]] = {
    "Network": (
        {"zones": ["eu-central-1a"], "nat": "single", "ipFamily": "ipv4"},
        lambda: Network("c", {"zones": ["eu-central-1a"], "nat": "single", "ip_family": "ipv4"}),
    ),
    "Platform": (
        {"network": {"zones": ["eu-central-1a"]}, "bus": {}},
        lambda: Platform("c", {"network": {"zones": ["eu-central-1a"]}, "bus": {}}),
    ),
    "ContainerFunction": (
        {
            "image": {"uri": IMAGE},
            "lanes": [
                {"name": "main", "target": "lambda", "share": 16.0, "maximumConcurrency": 5.0},
                {"name": "green", "target": "lambda", "share": 0.0},
            ],
            "memoryMib": 1024.0,
            "timeoutSeconds": 30.0,
            "logRetentionDays": 7.0,
            "trust": [{"service": "lambda"}],
            "links": [{"access": "send", "kind": "bus", "arn": "arn:bus", "variable": "BUS", "value": "b"}],
            "sources": [{"topic": {"arn": TOPIC, "filterScope": "MessageBody", "filter": {"a": ["b"]}}}],
            "platform": {
                "version": 1.0, "region": "eu-central-1", "account_id": "123456789012", "vpc_id": "vpc-1",
                "private_subnet_ids": ["subnet-1"], "dualstack": False, "reachable_services": ["*"],
            },
            "vpc": True,
        },
        lambda: ContainerFunction(
            "c",
            {
                "image": {"uri": IMAGE},
                "lanes": [
                    {"name": "main", "target": "lambda", "share": 16, "maximum_concurrency": 5},
                    {"name": "green", "target": "lambda", "share": 0},
                ],
                "memory_mib": 1024,
                "timeout_seconds": 30,
                "log_retention_days": 7,
                "trust": ["lambda"],
                "links": [{"access": "send", "kind": "bus", "arn": "arn:bus", "variable": "BUS", "value": "b"}],
                "sources": [{"topic": {"arn": TOPIC, "filter_scope": "MessageBody", "filter": {"a": ["b"]}}}],
                "platform": {
                    "version": 1, "region": "eu-central-1", "account_id": "123456789012", "vpc_id": "vpc-1",
                    "private_subnet_ids": ["subnet-1"], "dualstack": False, "reachable_services": ["*"],
                },
                "vpc": True,
            },
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("component", CONSTRUCTED)
def test_construct_matches_the_python_component(cloud: Run, component: str) -> None:
    inputs, program = CONSTRUCTED[component]
    through_schema, in_python = construct_component(cloud, component, inputs), cloud(program)
    assert through_schema.list_registrations() == in_python.list_registrations()
    for key in in_python.list_registrations():
        assert through_schema.resources[key].inputs == in_python.resources[key].inputs


def test_the_schema_lists_every_component_with_its_docs() -> None:
    schema = json.loads(ComponentProvider(list(PUBLIC), "intermodal").schema or "")
    assert set(schema["resources"]) == {f"intermodal:index:{component.__name__}" for component in PUBLIC}
    for resource in schema["resources"].values():
        assert all(prop.get("description") for prop in resource["inputProperties"].values())

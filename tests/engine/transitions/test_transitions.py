"""State is a contract: a changed definition causes exactly these operations, and some resources must not change."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.engine.workspace import Workspace
from tests.engine.transitions.stack import CONSUMERS, STATEFUL, Stack, count_operations, filter_changes

URNS = Path(__file__).with_name("ledger")
BUS = {"bus": {"pattern": {"source": ["shop"]}}}
BUCKET = {"bucket": {"bucket": "photographs", "prefix": "in/"}}


@pytest.fixture(scope="module")
def image(images_of_examples: dict[str, str]) -> str:
    """Return an existing image."""
    return images_of_examples["examples/thumbnails"]


@pytest.fixture
def stack(workspace: Workspace, tmp_path: Path) -> Iterator[Stack]:
    """Create a stack; destroy it at the end."""
    made = Stack.create(workspace, tmp_path, f"t{os.urandom(3).hex()}")
    yield made
    made.destroy()
    assert made.urns() == []


def shape(image: str, **args: Any) -> dict[str, Any]:
    """Return a function with one lane on lambda and a bus source, changed by `args`."""
    base: dict[str, Any] = {"image": {"uri": image}, "target": "lambda", "sources": [BUS], "timeout_seconds": 30}
    return {"args": {key: value for key, value in {**base, **args}.items() if value is not None}}


def lanes(image: str, **shares: int) -> dict[str, Any]:
    """Return the same function, with these lanes."""
    blocks = [{"name": name, "target": "lambda", "share": share} for name, share in shares.items()]
    return shape(image, target=None, lanes=blocks)


def names_of(changes: list[tuple[str, str]]) -> set[str]:
    """Return the names in these changes."""
    return {name.split()[1] for _, name in changes}


def check_urns(stack: Stack, name: str) -> None:
    """Compare the URNs with the committed ones; INTERMODAL_WRITE_LEDGER=1 writes them."""
    file = URNS / f"{name}.json"
    if os.environ.get("INTERMODAL_WRITE_LEDGER"):
        file.write_text(json.dumps(stack.urns(), indent=1) + "\n")
    assert stack.urns() == json.loads(file.read_text())


def test_function_moves_to_another_target_through_two_lanes(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    check_urns(stack, "one-lane")
    before = stack.ids()

    added = stack.up(lanes(image, main=16, green=0))
    assert count_operations(added) == {"create": 7}, (
        "two queues, policy, alarm, the permission to consume, function, mapping"
    )
    assert all(name.startswith("scan-green-") for name in names_of(added))
    check_urns(stack, "two-lanes")
    stack.expect_no_changes()

    flipped = stack.up(lanes(image, main=0, green=16))
    assert flipped == [("update", "aws:cloudwatch/eventTarget:EventTarget scan-bus-target")]

    removed = stack.up(shape(image, lane="green"))
    assert count_operations(removed) == {"delete": 7}
    assert all(name.startswith("scan-main-") for name in names_of(removed))
    order = [name for _, name in removed]
    mapping = order.index("aws:lambda/eventSourceMapping:EventSourceMapping scan-main-mapping")
    inbox = order.index("aws:sqs/queue:Queue scan-main-inbox")
    assert mapping < inbox, "consumers are deleted before their queues"
    stack.expect_no_changes()

    after = stack.ids()
    for kept in ("aws:iam/role:Role scan-role", "aws:cloudwatch/logGroup:LogGroup scan-logs"):
        assert after[kept] == before[kept]


def test_second_lane_can_be_added_and_removed(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    before = stack.ids()
    stack.up(lanes(image, main=16, green=0))
    removed = stack.up(shape(image))
    assert count_operations(removed) == {"delete": 7}
    assert all(name.startswith("scan-green-") for name in names_of(removed))
    assert stack.ids() == before
    check_urns(stack, "one-lane")
    stack.expect_no_changes()


def test_adding_and_removing_a_source_changes_no_policy(stack: Stack, image: str) -> None:
    """EventBridge drops events that a queue policy denies; policy changes take up to a minute."""
    stack.up(shape(image))
    added = stack.up(shape(image, sources=[BUS, BUCKET]))
    rule, target = "aws:cloudwatch/eventRule:EventRule scan-bucket-rule", "aws:cloudwatch/eventTarget:EventTarget"
    alarm = "aws:cloudwatch/metricAlarm:MetricAlarm scan-bucket-lost"
    assert added[0] == ("create", rule)
    assert set(added[1:]) == {("create", f"{target} scan-bucket-target"), ("create", alarm)}
    check_urns(stack, "two-sources")
    removed = stack.up(shape(image))
    stack.expect_no_changes()
    assert set(removed) == {("delete", rule), ("delete", f"{target} scan-bucket-target"), ("delete", alarm)}


def test_first_and_last_source_keep_the_inbox(stack: Stack, image: str) -> None:
    stack.up(shape(image, sources=None))
    before = stack.ids()
    check_urns(stack, "no-source")
    added = stack.up(shape(image))
    assert count_operations(added) == {"create": 4}, "rule, target, and the alarms on undelivered and lost events"
    removed = stack.up(shape(image, sources=None))
    stack.expect_no_changes()
    assert count_operations(removed) == {"delete": 4}
    assert stack.ids() == before


def test_disabled_source_delivers_once_enabled(stack: Stack, image: str) -> None:
    """The provider treats a missing state as no change, so the state is always set."""
    stack.up(shape(image, sources=[{**BUS, "enabled": False}]))
    enabled = stack.up(shape(image))
    assert enabled == [("update", "aws:cloudwatch/eventRule:EventRule scan-bus-rule")]
    (rule,) = [row for row in stack.resources_of_state() if row["type"] == "aws:cloudwatch/eventRule:EventRule"]
    assert rule["outputs"]["state"] == "ENABLED"
    stack.expect_no_changes()


def test_rename_with_alias_keeps_stateful_resources(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    before = stack.ids()
    renamed = stack.up({**shape(image), "name": "inspect", "aliases": ["scan"]})
    assert filter_changes(renamed, STATEFUL) == []
    replaced = {name for operation, name in filter_changes(renamed, CONSUMERS) if "replace" in operation}
    assert {name.replace("inspect", "scan") for name in replaced} == {"aws:lambda/function:Function scan-main-function"}
    stack.expect_no_changes()
    after = {name.replace("inspect", "scan"): physical for name, physical in stack.ids().items()}
    assert after == before


def test_image_size_and_limits_change_in_place(stack: Stack, image: str, images_of_examples: dict[str, str]) -> None:
    stack.up(shape(image))
    before = stack.ids()
    other = images_of_examples["tests/local/modes"]
    update = ("update", "aws:lambda/function:Function scan-main-function")
    assert stack.up(shape(other)) == [update]
    assert stack.up(shape(other, memory_mib=1024, environment={"LEVEL": "debug"})) == [update]
    longer = stack.up(shape(other, memory_mib=1024, environment={"LEVEL": "debug"}, timeout_seconds=300))
    # Lambda rejects a timeout above the mapped queue's visibility timeout, so the inbox changes first.
    assert longer == [("update", "aws:sqs/queue:Queue scan-main-inbox"), update]
    mapping = "aws:lambda/eventSourceMapping:EventSourceMapping scan-main-mapping"
    paused = shape(other, memory_mib=1024, environment={"LEVEL": "debug"}, timeout_seconds=300, maximum_concurrency=0)
    assert stack.up(paused) == [("update", mapping)]
    stack.expect_no_changes()
    assert stack.ids() == before


def test_refused_arguments_raise_our_message(stack: Stack, image: str) -> None:
    output = stack.expect_refusal({**shape(image), "twice": True})
    assert "ContainerFunction::scan'; try giving it a unique name" in output, "the engine's own message"
    output = stack.expect_refusal({**shape(image), "late": 3600})
    assert "timeout_seconds must be at most 900 for target lambda, got 3600; lower it" in output
    output = stack.expect_refusal(shape(image, target="ecs"))
    assert "platform is required for target ecs, which runs on the platform's cluster; set platform" in output
    place = {"region": "us-east-1", "account_id": "000000000000"}
    elsewhere = {"version": 1, "reachable_services": ["*"], **place}
    output = stack.expect_refusal(shape(image, platform=elsewhere))
    assert "platform is in region us-east-1, but the function's AWS provider is in eu-central-1" in output
    output = stack.expect_refusal(shape(image, role={"arn": "arn:aws:iam::999999999999:role/theirs"}))
    assert "role.arn must be a role in account 000000000000, like the function, got a role in 999999999999" in output
    queues = [f"arn:aws:sqs:eu-central-1:000000000000:{'q' * 60}{number}" for number in range(130)]
    output = stack.expect_refusal(shape(image, permissions=[{"actions": ["sqs:SendMessage"], "resources": queues}]))
    assert "permissions must result in a policy of at most 10240 characters, got 1" in output


def test_callers_transform_applies_to_every_child(stack: Stack, image: str) -> None:
    """This needs the real engine: Pulumi's mocks do not run transforms on a component's children."""
    stack.up({**shape(image), "delay": 3})
    queues = [row["inputs"] for row in stack.resources_of_state() if row["type"] == "aws:sqs/queue:Queue"]
    assert [queue.get("delaySeconds") for queue in queues] == [3, 3, 3]
    stack.expect_no_changes()

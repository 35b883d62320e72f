"""State is a contract: what the engine does when a definition changes, and what it must leave alone."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.engine.workspace import Workspace
from tests.engine.transitions.stack import CONSUMERS, STATEFUL, Stack, count, on

LEDGER = Path(__file__).with_name("ledger")
BUS = {"bus": {"pattern": {"source": ["shop"]}}}
BUCKET = {"bucket": {"bucket": "photographs", "prefix": "in/"}}


@pytest.fixture(scope="module")
def image(images_of_examples: dict[str, str]) -> str:
    """An image that is there."""
    return images_of_examples["examples/thumbnails"]


@pytest.fixture
def stack(workspace: Workspace, tmp_path: Path) -> Iterator[Stack]:
    """A stack that is destroyed at the end."""
    made = Stack.create(workspace, tmp_path, f"t{os.urandom(3).hex()}")
    yield made
    made.destroy()
    assert made.urns() == []


def shape(image: str, **args: Any) -> dict[str, Any]:
    """A function with one lane on lambda and a bus source, and what `args` changes."""
    base: dict[str, Any] = {"image": {"uri": image}, "target": "lambda", "sources": [BUS], "timeout_seconds": 30}
    return {"args": {key: value for key, value in {**base, **args}.items() if value is not None}}


def lanes(image: str, **shares: int) -> dict[str, Any]:
    """The same function with these lanes."""
    blocks = [{"name": name, "target": "lambda", "share": share} for name, share in shares.items()]
    return shape(image, target=None, lanes=blocks)


def names_of(changes: list[tuple[str, str]]) -> set[str]:
    """Names in these changes."""
    return {name.split()[1] for _, name in changes}


def check_ledger(stack: Stack, name: str) -> None:
    """Compare the URNs with the ones committed; INTERMODAL_WRITE_LEDGER=1 writes them."""
    file = LEDGER / f"{name}.json"
    if os.environ.get("INTERMODAL_WRITE_LEDGER"):
        file.write_text(json.dumps(stack.urns(), indent=1) + "\n")
    assert stack.urns() == json.loads(file.read_text())


def test_one_lane_to_two_to_the_other_one(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    check_ledger(stack, "one-lane")
    before = stack.ids()

    added = stack.up(lanes(image, main=16, green=0))
    assert count(added) == {"create": 7}, "two queues, policy, alarm, the permission to consume, function, mapping"
    assert all(name.startswith("scan-green-") for name in names_of(added))
    check_ledger(stack, "two-lanes")
    stack.expect_no_changes()

    flipped = stack.up(lanes(image, main=0, green=16))
    assert flipped == [("update", "aws:cloudwatch/eventTarget:EventTarget scan-bus-target")]

    removed = stack.up(shape(image, lane="green"))
    assert count(removed) == {"delete": 7}
    assert all(name.startswith("scan-main-") for name in names_of(removed))
    order = [name for _, name in removed]
    mapping = order.index("aws:lambda/eventSourceMapping:EventSourceMapping scan-main-mapping")
    inbox = order.index("aws:sqs/queue:Queue scan-main-inbox")
    assert mapping < inbox, "what consumes goes before what it consumes"
    stack.expect_no_changes()

    after = stack.ids()
    for kept in ("aws:iam/role:Role scan-role", "aws:cloudwatch/logGroup:LogGroup scan-logs"):
        assert after[kept] == before[kept]


def test_one_lane_to_two_and_back(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    before = stack.ids()
    stack.up(lanes(image, main=16, green=0))
    removed = stack.up(shape(image))
    assert count(removed) == {"delete": 7}
    assert all(name.startswith("scan-green-") for name in names_of(removed))
    assert stack.ids() == before
    check_ledger(stack, "one-lane")
    stack.expect_no_changes()


def test_a_source_that_comes_and_goes_touches_no_policy(stack: Stack, image: str) -> None:
    """EventBridge drops events that a queue policy denies; policy changes take up to a minute."""
    stack.up(shape(image))
    added = stack.up(shape(image, sources=[BUS, BUCKET]))
    rule, target = "aws:cloudwatch/eventRule:EventRule scan-bucket-rule", "aws:cloudwatch/eventTarget:EventTarget"
    alarm = "aws:cloudwatch/metricAlarm:MetricAlarm scan-bucket-lost"
    assert added[0] == ("create", rule)
    assert set(added[1:]) == {("create", f"{target} scan-bucket-target"), ("create", alarm)}
    check_ledger(stack, "two-sources")
    removed = stack.up(shape(image))
    stack.expect_no_changes()
    assert set(removed) == {("delete", rule), ("delete", f"{target} scan-bucket-target"), ("delete", alarm)}


def test_the_first_and_the_last_source_leave_the_inbox_alone(stack: Stack, image: str) -> None:
    stack.up(shape(image, sources=None))
    before = stack.ids()
    check_ledger(stack, "no-source")
    added = stack.up(shape(image))
    assert count(added) == {"create": 4}, "rule, target, and the alarms on what was not delivered and what was lost"
    removed = stack.up(shape(image, sources=None))
    stack.expect_no_changes()
    assert count(removed) == {"delete": 4}
    assert stack.ids() == before


def test_a_source_that_waits_delivers_once_it_is_enabled(stack: Stack, image: str) -> None:
    """The provider takes a state that is not said for no change, so that it is said in both cases."""
    stack.up(shape(image, sources=[{**BUS, "enabled": False}]))
    enabled = stack.up(shape(image))
    assert enabled == [("update", "aws:cloudwatch/eventRule:EventRule scan-bus-rule")]
    (rule,) = [row for row in stack.rows() if row["type"] == "aws:cloudwatch/eventRule:EventRule"]
    assert rule["outputs"]["state"] == "ENABLED"
    stack.expect_no_changes()


def test_a_rename_with_an_alias_keeps_what_holds_state(stack: Stack, image: str) -> None:
    stack.up(shape(image))
    before = stack.ids()
    renamed = stack.up({**shape(image), "name": "inspect", "aliases": ["scan"]})
    assert on(renamed, STATEFUL) == []
    replaced = {name for operation, name in on(renamed, CONSUMERS) if "replace" in operation}
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
    # Lambda refuses a timeout above the visibility of the queue that a mapping reads, so the inbox goes first.
    assert longer == [("update", "aws:sqs/queue:Queue scan-main-inbox"), update]
    mapping = "aws:lambda/eventSourceMapping:EventSourceMapping scan-main-mapping"
    paused = shape(other, memory_mib=1024, environment={"LEVEL": "debug"}, timeout_seconds=300, maximum_concurrency=0)
    assert stack.up(paused) == [("update", mapping)]
    stack.expect_no_changes()
    assert stack.ids() == before


def test_what_is_refused_is_refused_in_our_words(stack: Stack, image: str) -> None:
    said = stack.refused({**shape(image), "twice": True})
    assert "ContainerFunction::scan'; try giving it a unique name" in said, "the engine's own words"
    said = stack.refused({**shape(image), "late": 3600})
    assert "timeout_seconds must be at most 900 for target lambda, got 3600; lower it" in said
    said = stack.refused(shape(image, target="ecs"))
    assert "platform is required for target ecs, which runs on its cluster; give platform: platform.handle" in said
    place = {"region": "us-east-1", "account_id": "000000000000"}
    elsewhere = {"version": 1, "reachable_services": ["*"], **place}
    said = stack.refused(shape(image, platform=elsewhere))
    assert "platform must be in the region of its platform, us-east-1, but its aws provider is in eu-central-1" in said
    said = stack.refused(shape(image, role={"arn": "arn:aws:iam::999999999999:role/theirs"}))
    assert "role.arn must be a role of account 000000000000, where the function is, got one of 999999999999" in said
    queues = [f"arn:aws:sqs:eu-central-1:000000000000:{'q' * 60}{number}" for number in range(130)]
    said = stack.refused(shape(image, permissions=[{"actions": ["sqs:SendMessage"], "resources": queues}]))
    assert "permissions must be at most 10240 characters as a policy, got 1" in said


def test_a_transform_of_the_caller_reaches_every_child(stack: Stack, image: str) -> None:
    """On the real engine: Pulumi's mocks do not run the transforms of a component's children."""
    stack.up({**shape(image), "delay": 3})
    queues = [row["inputs"] for row in stack.rows() if row["type"] == "aws:sqs/queue:Queue"]
    assert [queue.get("delaySeconds") for queue in queues] == [3, 3, 3]
    stack.expect_no_changes()

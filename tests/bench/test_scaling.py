"""Simulated days on ECS: the alarms scale correctly with metrics as late and coarse as CloudWatch's."""

import dataclasses
from collections.abc import Iterator

import pytest

from bench.scaling.model import DAY, World, simulate
from bench.scaling.queue import Message
from bench.scaling.rules import Alarm, Scaling, cdk, program, read
from bench.scaling.scenarios import HOUR, SCENARIOS, burst, every, ordered
from intermodal.testing import Mocks
from tests.conftest import Session

DELAYS_MINUTES = (1, 2)
"""Delay of the metrics, in minutes."""

COLD_SECONDS = 300
"""Time from a message to the first task: metrics two minutes late, an alarm, and a task start."""


@pytest.fixture(scope="module")
def rules() -> Iterator[Scaling]:
    """Return what the library registers."""
    session, cloud = Session(), Mocks()
    session.run(lambda: program(10), cloud)
    yield read(cloud)
    session.close()


def delay_metrics(scenario: str, minutes: int) -> World:
    return dataclasses.replace(SCENARIOS[scenario], late_minutes=minutes)


@pytest.mark.parametrize("minutes", DELAYS_MINUTES)
def test_a_silent_day_starts_nothing(rules: Scaling, minutes: int) -> None:
    outcome = simulate(rules, delay_metrics("nothing", minutes))
    assert (outcome.starts, outcome.task_seconds) == (0, 0)


@pytest.mark.parametrize("minutes", DELAYS_MINUTES)
@pytest.mark.parametrize("scenario", ["one message a minute, 2 s", "ten messages a minute, 2 s"])
def test_steady_traffic_starts_one_task_and_never_waits(rules: Scaling, scenario: str, minutes: int) -> None:
    outcome = simulate(rules, delay_metrics(scenario, minutes))
    assert (outcome.starts, outcome.unhandled) == (1, 0)
    assert outcome.p95 <= 10
    assert outcome.tasks <= 2


@pytest.mark.parametrize("minutes", DELAYS_MINUTES)
def test_bursts_drain_in_minutes_and_leave_no_task(rules: Scaling, minutes: int) -> None:
    outcome = simulate(rules, delay_metrics("bursts of 500 every two hours, 2 s", minutes))
    assert (outcome.starts, outcome.unhandled, outcome.tasks) == (12, 0, 0)
    assert outcome.p95 <= COLD_SECONDS + 60


@pytest.mark.parametrize("minutes", DELAYS_MINUTES)
def test_each_long_message_gets_one_task(rules: Scaling, minutes: int) -> None:
    outcome = simulate(rules, delay_metrics("six messages, two hours each", minutes))
    assert (outcome.starts, outcome.unhandled, outcome.tasks) == (6, 0, 0)
    assert outcome.p95 <= COLD_SECONDS
    assert outcome.task_seconds <= 1.2 * 6 * 2 * HOUR


@pytest.mark.parametrize("minutes", DELAYS_MINUTES)
def test_scales_from_ten_to_one_when_a_burst_slows(rules: Scaling, minutes: int) -> None:
    outcome = simulate(rules, delay_metrics("2,000 at once, then one a minute, 2 s", minutes))
    assert (outcome.most, outcome.tasks, outcome.unhandled) == (10, 1, 0)


def test_message_after_idle_hours_is_handled_in_minutes(rules: Scaling) -> None:
    world = SCENARIOS["one message after eight silent hours"]
    assert simulate(rules, world).p95 <= COLD_SECONDS
    asleep = dataclasses.replace(rules, kept_active=False)
    assert simulate(asleep, world).p95 > 15 * 60  # the reason for the schedule


def test_no_scale_in_during_a_deployment(rules: Scaling) -> None:
    messages = ordered(burst(HOUR, 2000, 2), every(60, 2, start=2 * HOUR))
    world = World(messages=messages, deployments=[(HOUR, DAY)])
    assert simulate(rules, world).tasks == 10


def test_receives_by_other_consumers_do_not_delay_messages(rules: Scaling) -> None:
    """Another consumer polls an empty queue all the time; the waiting message grows old, so a task is started."""
    outcome = simulate(rules, World(messages=[Message(HOUR, 2)], foreign_receives=15, seconds=2 * HOUR))
    assert (outcome.unhandled, outcome.starts) == (0, 1)
    assert outcome.p95 <= COLD_SECONDS + 120


def test_previous_rules_stop_a_service_busy_with_short_work(rules: Scaling) -> None:
    """Check the model itself: the previous rules, with two gauges, must fail in it."""
    (idle,) = [alarm for alarm in rules.alarms if alarm.adjustment == "ExactCapacity"]
    gauges = dataclasses.replace(idle, expression="FILL(waiting, 0) + FILL(working, 0)", periods=5)
    others: list[Alarm] = [alarm for alarm in rules.alarms if alarm is not idle]
    before = dataclasses.replace(rules, alarms=[*others, gauges])
    assert simulate(before, SCENARIOS["one message a minute, 2 s"]).starts > 50


def test_bursts_drain_faster_than_with_cdk_defaults(rules: Scaling) -> None:
    for scenario in ("bursts of 500 every two hours, 2 s", "2,000 at once, then one a minute, 2 s"):
        mine, theirs = simulate(rules, SCENARIOS[scenario]), simulate(cdk(), SCENARIOS[scenario])
        assert mine.p95 < theirs.p95
        assert mine.task_seconds < theirs.task_seconds


def test_scenarios_use_fewer_task_hours_than_cdk_defaults(rules: Scaling) -> None:
    mine, theirs = (sum(simulate(each, world).task_seconds for world in SCENARIOS.values()) for each in (rules, cdk()))
    assert mine < theirs

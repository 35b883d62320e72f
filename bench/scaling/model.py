"""Simulate a day in which, every minute, alarms evaluate the published metrics and trigger their policies.

The rules and their sources in the AWS documentation:
- Gauges are sampled once a minute and published later (SQS developer guide, CloudWatch metrics).
- An alarm uses the newest real data points in an evaluation range that is longer than its periods. Only data points
  that are still missing are filled in (CloudWatch user guide, Configuring how alarms treat missing data). FILL is
  applied before that.
- An alarm repeats its scaling action every minute while it is in ALARM (Application Auto Scaling, step scaling).
- Scale-in is suspended while a deployment is in progress (ECS developer guide, service auto scaling).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.scaling.queue import WAKING_SECONDS, Message, Queue, Task
from bench.scaling.rules import Alarm, Scaling
from local.aws.ecs import metric_math
from local.aws.ecs.scaling import COMPARISONS
from local.aws.ecs.steps import apply_step, clamp_capacity

DAY = 24 * 3600
TICK = 5
START_SECONDS = 45
"""Time from a new desired count until a task receives; an assumption for Fargate and an image of a few hundred MB."""

KEEP_ACTIVE_SECONDS = 5 * 3600
RANGE = 2
"""Number of periods by which the evaluation range exceeds the alarm's evaluation periods."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Simulation inputs."""

    messages: Sequence[Message]
    late_minutes: int = 1
    """Delay in minutes before a minute's metrics are published."""
    deployments: Sequence[tuple[float, float]] = ()
    """Start and end times of deployments, which suspend scale-in."""
    foreign_receives: int = 0
    """Empty receives per minute of another consumer."""
    seconds: float = DAY


@dataclass
class Outcome:
    """Simulation results."""

    waits: list[float] = field(default_factory=list)
    starts: int = 0
    """Number of starts from zero tasks."""
    task_seconds: float = 0.0
    tasks: int = 0
    """Number of tasks at the end of the day."""
    most: int = 0
    unhandled: int = 0

    @property
    def p95(self) -> float:
        """95th percentile of the wait times in seconds; infinite if a message was never received."""
        if self.unhandled:
            return float("inf")
        waits = sorted(self.waits)
        return waits[int(0.95 * (len(waits) - 1))] if waits else 0.0


class Service:
    """Simulated service with its tasks and published metrics."""

    def __init__(self, scaling: Scaling, world: World) -> None:
        self._scaling, self._world = scaling, world
        self._queue = Queue(world.messages, world.foreign_receives)
        self._tasks: list[Task] = []
        self._desired = scaling.fewest
        self._minutes: list[Mapping[str, float] | None] = []
        self._acted: dict[int, float] = {}
        self._outcome = Outcome()

    def run(self) -> Outcome:
        """Simulate the day and return the results."""
        now = 0.0
        while now < self._world.seconds:
            self._queue.arrive(now)
            if self._scaling.kept_active and now % KEEP_ACTIVE_SECONDS < TICK:
                self._queue.act(now)
            for task in self._tasks:
                self._queue.serve(task, now)
            if now % 60 < TICK and now:
                self._minutes.append(self._queue.sample(self._tasks, now))
                for index, alarm in enumerate(self._scaling.alarms):
                    self._look(index, alarm, now)
            self._reconcile(now)
            self._outcome.task_seconds += TICK * len(self._tasks)
            now += TICK
        self._outcome.waits, self._outcome.tasks = self._queue.waits, len(self._tasks)
        self._outcome.unhandled = len(self._queue.waiting)
        return self._outcome

    def _reconcile(self, now: float) -> None:
        """Start missing tasks, and stop idle surplus tasks; busy tasks are protected."""
        if self._desired and not self._tasks:
            self._outcome.starts += 1
        while len(self._tasks) < self._desired:
            self._tasks.append(Task(ready=now + START_SECONDS))
        for task in [task for task in self._tasks if now >= task.busy_until]:
            if len(self._tasks) > self._desired:
                self._tasks.remove(task)
        self._outcome.most = max(self._outcome.most, len(self._tasks))

    def _look(self, index: int, alarm: Alarm, now: float) -> None:
        value = self._breach(alarm, now)
        if value is None or now < self._acted.get(index, -1.0) + alarm.cooldown_seconds:
            return
        steps = {"StepAdjustments": alarm.steps, "AdjustmentType": alarm.adjustment}
        falling = alarm.comparison.startswith("Less")
        target = {"MinCapacity": self._scaling.fewest, "MaxCapacity": self._scaling.most}
        desired = clamp_capacity(
            target, self._desired, apply_step(steps, self._desired, value - alarm.threshold, falling=falling)
        )
        deploying = any(start <= now < end for start, end in self._world.deployments)
        if desired != self._desired and not (deploying and desired < self._desired):
            self._desired, self._acted[index] = desired, now

    def _breach(self, alarm: Alarm, now: float) -> float | None:
        """Return the newest value if the alarm is in the ALARM state, or None otherwise."""
        if alarm.period_minutes > 1 and len(self._minutes) % alarm.period_minutes:
            return None
        values = [self._value(alarm, back, now) for back in range(alarm.periods + RANGE)]
        real = [value for value in values if value is not None]
        breaches = [COMPARISONS[alarm.comparison](value, alarm.threshold) for value in real[: alarm.periods]]
        missing = alarm.periods - len(breaches)
        if not all(breaches) or (missing and alarm.missing != "breaching"):
            return None
        return real[0] if real else 0.0

    def _value(self, alarm: Alarm, back: int, now: float) -> float | None:
        """Return an alarm's value `back` periods before the newest, or None if it is not published."""
        newest = len(self._minutes) - back * alarm.period_minutes
        minutes = [self._published(newest - 1 - offset, now) for offset in range(alarm.period_minutes)]
        published = [minute for minute in minutes if minute is not None]
        metrics = {
            key: max((minute[name] for minute in published), default=None) for key, name in alarm.metrics.items()
        }
        return metric_math.evaluate(alarm.expression, metrics)

    def _published(self, index: int, now: float) -> Mapping[str, float] | None:
        if index < 0:
            return None
        end = (index + 1) * 60
        waking = self._queue.woke <= end and now < self._queue.woke + WAKING_SECONDS
        return None if waking or now < end + 60 * self._world.late_minutes else self._minutes[index]


def simulate(scaling: Scaling, world: World) -> Outcome:
    """Simulate these scaling rules with these inputs and return the results."""
    return Service(scaling, world).run()

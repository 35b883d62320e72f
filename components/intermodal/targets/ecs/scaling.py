"""Scale the service with its queue's backlog, down to zero.

The queue metrics in CloudWatch are delayed and coarse. Gauges (visible, in flight) are sampled once a minute and
published at least a minute later, while counters (received) include every message. A queue is therefore idle only if
nothing was received. FILL is used only where a missing metric means zero, because in an alarm it sets the newest
minute, whose data is late, to zero (CloudWatch user guide, metric math). `make bench BENCH=scaling` simulates days of
work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ResourceOptions
from pulumi_aws import appautoscaling, cloudwatch, ecs, scheduler

from intermodal.arns import name_of, parse

PERIOD_SECONDS = 60
IDLE_PERIODS = 7
"""Five minutes without work, plus the newest two minutes, which FILL may set to zero because their data is late."""

SURPLUS_PERIODS = 5
SURPLUS_RECEIVES = 4
"""Threshold of empty receives per minute. A single idle task makes only three: it polls for 20 s each time."""

LATE_SECONDS = 120
"""Age of the oldest message above which tasks are added despite empty receives, which may be from another consumer."""

STEPS_UP = ((0, 10, 1), (10, 100, 5), (100, 1000, 10), (1000, None, 20))
"""Scale-out steps: bounds for the visible messages above the threshold of one, and the number of tasks to add."""

COOLDOWN_UP_SECONDS = 180
"""Cooldown between two steps up. A task takes a minute to start, and metrics are delayed by another minute."""

STEPS_DOWN = ((0, 11, -1), (11, 26, -3), (26, None, -8))
"""Scale-in steps: bounds for the empty receives above SURPLUS_RECEIVES, and the number of tasks to remove."""

COOLDOWN_DOWN_SECONDS = 300
"""Cooldown between two steps down, so that the alarm's five minutes do not include the time before the first step."""

TO_ZERO: Mapping[str, Any] = {
    "adjustment_type": "ExactCapacity",
    "cooldown": PERIOD_SECONDS,
    "step_adjustments": [{"metric_interval_upper_bound": "0", "scaling_adjustment": 0}],
}

ACTIVE_RATE = "rate(5 hours)"
"""A queue is active for six hours after any API action. After that, its metrics are delayed by up to 15 minutes (SQS
developer guide, Monitoring Amazon SQS queues using CloudWatch)."""

WAITING, WORKING, AGE, RECEIVED, EMPTY = (
    "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateAgeOfOldestMessage",
    "NumberOfMessagesReceived",
    "NumberOfEmptyReceives",
)
STATISTICS: Mapping[str, str] = {WAITING: "Maximum", WORKING: "Maximum", AGE: "Maximum", RECEIVED: "Sum", EMPTY: "Sum"}


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    """Arguments for scaling a lane's service."""

    name: str
    """`{function}-{lane}`."""
    inbox_url: Output[str]
    inbox_arn: Output[str]
    service: ecs.Service
    minimum: int
    """Tasks that keep running while nothing waits; 0 for a paused lane."""
    maximum: int
    """Maximum number of tasks; 0 for a paused lane."""
    scheduler_role_arn: Output[str]
    tags: Mapping[str, Input[str]]


def create_scaling(args: ScalingArgs, opts: ResourceOptions) -> None:
    """Scale the service between zero and `maximum` tasks with three policies, each with an alarm.

    Visible messages start tasks, empty receives stop some idle tasks, and an idle queue stops all tasks. Protected
    tasks finish their work first. This works even if another target holds messages for hours after a move.
    """
    target = _create_target(args, opts)
    start = _create_policy(args.name, target, "start", _step_change(STEPS_UP, COOLDOWN_UP_SECONDS), opts)
    fewer = _create_policy(args.name, target, "reduce", _step_change(STEPS_DOWN, COOLDOWN_DOWN_SECONDS), opts)
    stop = _create_policy(args.name, target, "stop", TO_ZERO, opts)
    _create_waiting_alarm(args, start, opts)
    _create_surplus_alarm(args, fewer, opts)
    _create_idle_alarm(args, stop, opts)
    _create_active_schedule(args, opts)


def scheduler_group_arn(inbox_arn: str) -> str:
    """Return the ARN of the schedule group for `{lane}-active`, which the execution role's trust policy references."""
    inbox = parse(inbox_arn)
    return f"arn:{inbox.partition}:scheduler:{inbox.region}:{inbox.account}:schedule-group/default"


def _create_target(args: ScalingArgs, opts: ResourceOptions) -> appautoscaling.Target:
    return appautoscaling.Target(
        f"{args.name}-scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=Output.all(args.service.cluster, args.service.name).apply(
            lambda known: f"service/{str(known[0]).rpartition('/')[2]}/{known[1]}"
        ),
        min_capacity=args.minimum,
        max_capacity=args.maximum,
        tags=args.tags,
        opts=opts,
    )


def _step_change(rows: Sequence[tuple[int, int | None, int]], cooldown_seconds: int) -> dict[str, Any]:
    """Return step adjustments relative to an alarm's threshold; the last step has no upper bound."""
    steps = [
        {"metric_interval_lower_bound": str(lower), "scaling_adjustment": change}
        | ({} if upper is None else {"metric_interval_upper_bound": str(upper)})
        for lower, upper, change in rows
    ]
    return {"adjustment_type": "ChangeInCapacity", "cooldown": cooldown_seconds, "step_adjustments": steps}


def _create_policy(
    name: str,
    target: appautoscaling.Target,
    word: str,
    configuration: Any,
    opts: ResourceOptions,
) -> appautoscaling.Policy:
    steps: Any = {"metric_aggregation_type": "Maximum", **configuration}
    return appautoscaling.Policy(
        f"{name}-{word}",
        name=f"{name}-{word}",
        policy_type="StepScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        step_scaling_policy_configuration=steps,
        opts=opts,
    )


def _create_waiting_alarm(args: ScalingArgs, start: appautoscaling.Policy, opts: ResourceOptions) -> None:
    """Create the alarm for visible messages, which is OK while tasks make empty receives and no message is late."""
    metrics = {"waiting": WAITING, "empty": EMPTY, "age": AGE}
    unneeded = f"FILL(empty, 0) > 0 && FILL(age, 0) < {LATE_SECONDS}"
    cloudwatch.MetricAlarm(
        f"{args.name}-waiting",
        alarm_description="Messages wait: start a task",
        metric_queries=_metric_queries(args, metrics, f"IF({unneeded}, 0, waiting)", "messages"),
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[start.arn],
        tags=args.tags,
        opts=opts,
    )


def _create_surplus_alarm(args: ScalingArgs, fewer: appautoscaling.Policy, opts: ResourceOptions) -> None:
    """Create the alarm for empty receives.

    It does not use FILL for them, because a minute without data is skipped and does not mean that tasks are busy.
    """
    cloudwatch.MetricAlarm(
        f"{args.name}-surplus",
        alarm_description="Two tasks or more find nothing to do: stop half of them",
        metric_queries=_metric_queries(
            args, {"waiting": WAITING, "empty": EMPTY}, "IF(FILL(waiting, 0) > 0, 0, empty)", "empty receives"
        ),
        evaluation_periods=SURPLUS_PERIODS,
        threshold=SURPLUS_RECEIVES,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[fewer.arn],
        tags=args.tags,
        opts=opts,
    )


def _create_idle_alarm(args: ScalingArgs, stop: appautoscaling.Policy, opts: ResourceOptions) -> None:
    """Create the alarm for an idle queue; missing data is breaching, because an unused queue stops sending metrics.

    A paused lane is treated as idle. Lowering the maximum does not stop tasks, because only a scale-in activity reduces
    a higher count (ECS developer guide, service auto scaling considerations).
    """
    paused = args.maximum == 0
    work = "FILL(waiting, 0) + FILL(working, 0) + FILL(received, 0)"
    metrics = {"waiting": WAITING, "working": WORKING, "received": RECEIVED}
    cloudwatch.MetricAlarm(
        f"{args.name}-idle",
        alarm_description="Paused: stop all tasks" if paused else "Nothing waits or is received: stop all tasks",
        metric_queries=_metric_queries(args, metrics, f"({work}) * 0" if paused else work, "messages"),
        evaluation_periods=1 if paused else IDLE_PERIODS,
        threshold=0,
        comparison_operator="LessThanOrEqualToThreshold",
        treat_missing_data="breaching",
        alarm_actions=[stop.arn],
        tags=args.tags,
        opts=opts,
    )


def _metric_queries(args: ScalingArgs, metrics: Mapping[str, str], expression: str, label: str) -> list[Any]:
    """Return metric queries for an alarm on an expression that uses the inbox's metrics."""
    dimensions = {"QueueName": args.inbox_arn.apply(name_of)}
    single = [
        {
            "id": word,
            "metric": {
                "namespace": "AWS/SQS",
                "metric_name": metric,
                "dimensions": dimensions,
                "period": PERIOD_SECONDS,
                "stat": STATISTICS[metric],
            },
        }
        for word, metric in metrics.items()
    ]
    return [*single, {"id": "result", "expression": expression, "label": label, "return_data": True}]


def _create_active_schedule(args: ScalingArgs, opts: ResourceOptions) -> None:
    """Create `{lane}-active`, which calls SQS every five hours to keep an idle queue's metrics up to date.

    The call removes a tag that does not exist, which has no effect. Scheduler cannot call read-only actions (Scheduler
    user guide, Using universal targets).
    """
    partition = args.inbox_arn.apply(lambda arn: parse(arn).partition)
    call = Output.json_dumps({"QueueUrl": args.inbox_url, "TagKeys": ["intermodal:active"]})
    scheduler.Schedule(
        f"{args.name}-active",
        schedule_expression=ACTIVE_RATE,
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": partition.apply(lambda known: f"arn:{known}:scheduler:::aws-sdk:sqs:untagQueue"),
            "role_arn": args.scheduler_role_arn,
            "input": call,
        },
        opts=opts,
    )

"""How many tasks a service has: none while nothing waits, one more for as long as something does."""

from typing import Any

from pulumi import Output, ResourceOptions
from pulumi_aws import appautoscaling, cloudwatch, ecs

from intermodal.arns import name_of
from intermodal.targets.contract import LaneContext

PERIOD_SECONDS = 60
IDLE_PERIODS = 5
AGE_SECONDS = 120
"""Oldest message that more tasks are added for, whatever the number of messages."""

STEPS = ((0, 100, 1), (100, 1000, 5), (1000, None, 20))
"""Messages that wait above the first, and how many tasks more that means for each minute that they do."""

WAITING, WORKING, AGE = (
    "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateAgeOfOldestMessage",
)


def create_scaling(context: LaneContext, service: ecs.Service, most: int, opts: ResourceOptions) -> None:
    """From no task to `most`.

    A step policy starts, because nothing per task can be computed while there is none; tracking the age of the oldest
    message adds where the steps are too slow and never takes away. What is in work counts as old too (SQS developer
    guide, CloudWatch metrics: the oldest message that is not deleted), so age counts only while something waits. To
    none it goes only when nothing waits and nothing is in work; a task that is protected ends its work first all the
    same.
    """
    scaled = appautoscaling.Target(
        f"{context.name}-scaling",
        service_namespace="ecs",
        scalable_dimension="ecs:service:DesiredCount",
        resource_id=Output.all(service.cluster, service.name).apply(
            lambda known: f"service/{known[0].rpartition('/')[2]}/{known[1]}"
        ),
        min_capacity=0,
        max_capacity=most,
        tags=context.function.tags,
        opts=opts,
    )
    start = _policy(context, scaled, "start", "ChangeInCapacity", [_step(*step) for step in STEPS], opts)
    stop = _policy(
        context,
        scaled,
        "stop",
        "ExactCapacity",
        [{"metric_interval_upper_bound": "0", "scaling_adjustment": 0}],
        opts,
    )
    _track_age(context, scaled, opts)
    _alarm_waiting(context, start, opts)
    _alarm_idle(context, stop, opts, paused=most == 0)


def _step(lower: int, upper: int | None, more: int) -> dict[str, Any]:
    step = {"metric_interval_lower_bound": str(lower), "scaling_adjustment": more}
    return step if upper is None else {**step, "metric_interval_upper_bound": str(upper)}


def _policy(
    context: LaneContext,
    scaled: appautoscaling.Target,
    word: str,
    kind: str,
    steps: list[dict[str, Any]],
    opts: ResourceOptions,
) -> appautoscaling.Policy:
    configuration: Any = {
        "adjustment_type": kind,
        "cooldown": PERIOD_SECONDS,
        "metric_aggregation_type": "Maximum",
        "step_adjustments": steps,
    }
    return appautoscaling.Policy(
        f"{context.name}-{word}",
        name=f"{context.name}-{word}",
        policy_type="StepScaling",
        service_namespace=scaled.service_namespace,
        scalable_dimension=scaled.scalable_dimension,
        resource_id=scaled.resource_id,
        step_scaling_policy_configuration=configuration,
        opts=opts,
    )


def _track_age(context: LaneContext, scaled: appautoscaling.Target, opts: ResourceOptions) -> None:
    metrics: list[Any] = [
        {"id": "waiting", "metric_stat": _stat(context, WAITING), "return_data": False},
        {"id": "age", "metric_stat": _stat(context, AGE), "return_data": False},
        {"id": "late", "expression": "IF(FILL(waiting, 0) > 0, FILL(age, 0), 0)", "return_data": True},
    ]
    appautoscaling.Policy(
        f"{context.name}-keep-up",
        name=f"{context.name}-keep-up",
        policy_type="TargetTrackingScaling",
        service_namespace=scaled.service_namespace,
        scalable_dimension=scaled.scalable_dimension,
        resource_id=scaled.resource_id,
        target_tracking_scaling_policy_configuration={
            "target_value": AGE_SECONDS,
            "disable_scale_in": True,
            "scale_out_cooldown": PERIOD_SECONDS,
            "customized_metric_specification": {"metrics": metrics},
        },
        opts=opts,
    )


def _alarm_waiting(context: LaneContext, start: appautoscaling.Policy, opts: ResourceOptions) -> None:
    """Whatever is in work: while a lane moves, another target may hold messages for hours, and no task is there yet."""
    cloudwatch.MetricAlarm(
        f"{context.name}-waiting",
        alarm_description="Messages wait: start a task",
        namespace="AWS/SQS",
        metric_name=WAITING,
        dimensions={"QueueName": _queue_name(context)},
        statistic="Maximum",
        period=PERIOD_SECONDS,
        evaluation_periods=1,
        threshold=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        treat_missing_data="notBreaching",
        alarm_actions=[start.arn],
        tags=context.function.tags,
        opts=opts,
    )


def _alarm_idle(context: LaneContext, stop: appautoscaling.Policy, opts: ResourceOptions, *, paused: bool) -> None:
    """A queue that nobody uses stops sending metrics, which is as idle as it gets: missing data breaches.

    A lane that is paused counts as idle, whatever waits: a lower maximum alone ends no task, because only a scale-in
    activity brings a count above it down (ECS developer guide, service auto scaling considerations).
    """
    queries: list[Any] = [
        {"id": word, "metric": {**_flat(context, name), "period": PERIOD_SECONDS, "stat": "Maximum"}}
        for word, name in {"waiting": WAITING, "working": WORKING}.items()
    ]
    both: Any = {
        "id": "both",
        "expression": "(FILL(waiting, 0) + FILL(working, 0)) * 0" if paused else "FILL(waiting, 0) + FILL(working, 0)",
        "label": "messages",
        "return_data": True,
    }
    cloudwatch.MetricAlarm(
        f"{context.name}-idle",
        alarm_description="Paused: stop all tasks"
        if paused
        else "Nothing waits and nothing is in work: stop all tasks",
        metric_queries=[*queries, both],
        evaluation_periods=1 if paused else IDLE_PERIODS,
        threshold=0,
        comparison_operator="LessThanOrEqualToThreshold",
        treat_missing_data="breaching",
        alarm_actions=[stop.arn],
        tags=context.function.tags,
        opts=opts,
    )


def _stat(context: LaneContext, name: str) -> dict[str, Any]:
    dimensions = [{"name": "QueueName", "value": _queue_name(context)}]
    return {"metric": {"namespace": "AWS/SQS", "metric_name": name, "dimensions": dimensions}, "stat": "Maximum"}


def _flat(context: LaneContext, name: str) -> dict[str, Any]:
    return {"namespace": "AWS/SQS", "metric_name": name, "dimensions": {"QueueName": _queue_name(context)}}


def _queue_name(context: LaneContext) -> Output[str]:
    return context.inbox.arn.apply(name_of)

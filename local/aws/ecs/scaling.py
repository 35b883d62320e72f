"""Emulate step scaling of services from queue alarms (CloudWatch and Application Auto Scaling).

An alarm period lasts only a few seconds here, so that the demo does not wait minutes for a service to scale out.
Queue metrics are read from the queues. Alarms on other metrics never change their state, and target tracking policies
are stored but have no effect (`inert.json`).
"""

import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.aws.ecs import deployments, metric_math, records
from local.aws.ecs.queue_metrics import COUNTERS, PERIOD_SECONDS, QUEUE_METRICS
from local.aws.ecs.records import ECS
from local.aws.ecs.steps import apply_step, clamp_capacity
from local.aws.patches.alarm_metrics import MODULE as CLOUDWATCH
from local.aws.settings import Emulator

logger = logging.getLogger(__name__)
LOOK_SECONDS = 2.0

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


class Scaling:
    """Thread that evaluates alarms whose action is a scaling policy."""

    def __init__(
        self, emulator: Emulator, poke: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._emulator, self._poke, self._clock = emulator, poke, clock
        self._closed = threading.Event()
        self._since: dict[str, float] = {}
        """Monotonic time at which each alarm's breach started."""
        self._acted: dict[str, float] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self._thread = threading.Thread(target=self._loop, daemon=True, name="ecs-scaling")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop the thread."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                self._evaluate_all()
            except Exception:
                logger.exception("failed to evaluate the scaling alarms; retrying in %s s", LOOK_SECONDS)

    def _evaluate_all(self) -> None:
        cloudwatch: Any = import_module(CLOUDWATCH)
        for (account, region, _), alarm in list(cloudwatch._alarms.all_items()):
            actions = [action for action in alarm.get("AlarmActions") or [] if ":scalingPolicy:" in action]
            if not actions or not alarm.get("ActionsEnabled", True):
                continue
            with records.scope_of({"taskArn": f"arn:aws:ecs:{region}:{account}:"}):
                self._evaluate(cloudwatch, alarm, actions, self._reader(account, region))

    def _evaluate(self, cloudwatch: Any, alarm: dict[str, Any], actions: list[str], read: "Read") -> None:
        try:
            value = value_of(alarm, read)
        except metric_math.UnknownMathError as error:
            logger.warning("alarm %s: %s", alarm["AlarmName"], error)
            return
        except (
            ClientError,
            BotoCoreError,
        ) as error:  # on a busy machine; the queue may not be empty
            logger.warning("alarm %s: %s", alarm["AlarmName"], error)
            self._since.pop(str(alarm["AlarmArn"]), None)
            return
        state = self._state(alarm, value)
        if state is None:
            return
        if state != alarm["StateValue"]:
            reason = f"Threshold Crossed: 1 datapoint [{value}] against the threshold ({alarm['Threshold']})."
            cloudwatch._record_history(alarm["AlarmName"], alarm["StateValue"], state, reason)
            alarm |= {"StateValue": state, "StateReason": reason, "StateUpdatedTimestamp": int(time.time())}
        if state == "ALARM":
            for action in actions:
                self._act(action, alarm, value if value is not None else 0.0)

    def _state(self, alarm: Mapping[str, Any], value: float | None) -> str | None:
        """Return the alarm's state after this evaluation, or None if the state does not change."""
        name = str(alarm["AlarmArn"])
        if value is None:
            missing = alarm.get("TreatMissingData", "missing")
            if missing == "ignore":
                return None
            breached = missing == "breaching"
            if missing == "missing":
                self._since.pop(name, None)
                return "INSUFFICIENT_DATA"
        else:
            breached = COMPARISONS[alarm["ComparisonOperator"]](value, alarm["Threshold"])
        if not breached:
            self._since.pop(name, None)
            return "OK"
        now = self._clock()
        needed = alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]
        lasted = now - self._since.setdefault(name, now)
        return "ALARM" if lasted >= (needed - 1) * PERIOD_SECONDS else None

    def _act(self, action: str, alarm: Mapping[str, Any], value: float) -> None:
        api: Any = import_module("local.aws.ecs.scaling_api")
        policy = next((one for _, one in api.policies() if one["PolicyARN"] == action), None)
        target = api.target_of(policy) if policy else None
        if policy is None or target is None or policy["PolicyType"] != "StepScaling":
            return
        steps = policy["StepScalingPolicyConfiguration"]
        rest = float(steps.get("Cooldown") or 0) * PERIOD_SECONDS / period_of(alarm)
        if self._clock() < self._acted.get(action, 0.0) + rest:
            return
        service = service_of(target["ResourceId"])
        if service is None:
            return
        falling = str(alarm["ComparisonOperator"]).startswith("Less")
        count = apply_step(steps, service["desiredCount"], value - alarm["Threshold"], falling=falling)
        count = clamp_capacity(target, service["desiredCount"], count)
        if count < service["desiredCount"] and deploying(service):
            return
        if count > service["desiredCount"] and starting(service):
            self._acted[action] = self._clock()  # AWS's longer cooldown includes the start of a task
            return
        if count != service["desiredCount"]:
            self._acted[action] = self._clock()
            self._scale(service, count)

    def _scale(self, service: dict[str, Any], count: int) -> None:
        logger.info("scaling %s from %s to %s", service["serviceName"], service["desiredCount"], count)
        service["desiredCount"] = count
        for deployment in service["deployments"]:
            if deployment["status"] == "PRIMARY":
                deployment["desiredCount"] = count
        self._poke()

    def _client(self, account: str, region: str) -> Any:
        """Return a cached SQS client, because creating one takes longer than making hundreds of calls."""
        if (account, region) not in self._clients:
            connect: Any = boto3.Session().client
            # Use the account's root user, because CloudWatch reads queue metrics regardless of queue policies.
            self._clients[account, region] = connect(
                "sqs",
                endpoint_url=self._emulator.endpoint,
                region_name=region,
                aws_access_key_id=account,
                aws_secret_access_key="root",  # noqa: S106 - ministack does not check the root user's secret key
                config=Config(retries={"total_max_attempts": 1}),
            )
        return self._clients[account, region]

    def _reader(self, account: str, region: str) -> "Read":
        """Return a metric reader for one alarm; it reads each queue once, so it counts each message only once."""
        sqs = self._client(account, region)

        @functools.cache
        def counts(queue: str) -> Mapping[str, str]:
            try:
                url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
            except sqs.exceptions.QueueDoesNotExist:
                return {}
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(QUEUE_METRICS.values()))
            return dict(found["Attributes"])

        def read(namespace: str, name: str, dimensions: Mapping[str, str]) -> float | None:
            if namespace != "AWS/SQS" or "QueueName" not in dimensions:
                return None
            if name in COUNTERS:
                return COUNTERS[name](f"arn:aws:sqs:{region}:{account}:{dimensions['QueueName']}")
            if name not in QUEUE_METRICS:
                return None
            count = counts(dimensions["QueueName"]).get(QUEUE_METRICS[name])
            return None if count is None else float(count)

        return read


Read = Callable[[str, str, Mapping[str, str]], float | None]
"""Returns a metric's current value by namespace, name, and dimensions."""


def value_of(alarm: Mapping[str, Any], read: Read) -> float | None:
    """Return the current value that an alarm compares with its threshold.

    Raises:
        UnknownMathError: the alarm's expression is not supported.
    """
    queries = alarm.get("Metrics")
    if not queries:
        return read(alarm["Namespace"], alarm["MetricName"], _to_mapping(alarm.get("Dimensions") or []))
    values: dict[str, float | None] = {}
    for query in (one for one in queries if "MetricStat" in one):
        metric = query["MetricStat"]["Metric"]
        dimensions = _to_mapping(metric.get("Dimensions") or [])
        values[query["Id"]] = read(metric.get("Namespace", ""), metric["MetricName"], dimensions)
    pending = [one for one in queries if "Expression" in one]
    while pending:
        left = {one["Id"] for one in pending}
        ready = [one for one in pending if not left & metric_math.names(one["Expression"])]
        if not ready:
            raise metric_math.UnknownMathError("the expressions reference each other in a cycle")
        for one in ready:
            values[one["Id"]] = metric_math.evaluate(one["Expression"], values)
        pending = [one for one in pending if one not in ready]
    shown = next(one for one in queries if one.get("ReturnData", True))
    return values[shown["Id"]]


def period_of(alarm: Mapping[str, Any]) -> float:
    """Return the alarm's period in seconds."""
    periods = [query["MetricStat"]["Period"] for query in alarm.get("Metrics") or [] if "MetricStat" in query]
    return float(alarm.get("Period") or max(periods, default=60))


def deploying(service: Mapping[str, Any]) -> bool:
    """Return whether a deployment is in progress, which suspends scale-in.

    Scale-out continues (ECS developer guide, "Troubleshooting service auto scaling").
    """
    return any(one["rolloutState"] == "IN_PROGRESS" for one in service["deployments"])


def starting(service: Mapping[str, Any]) -> bool:
    """Return whether a task of the service has not started all its containers yet."""
    ecs: Any = import_module(ECS)
    alive = [task for task in deployments.tasks_of(ecs, service) if not records.is_stopping(task)]
    return any(task["lastStatus"] not in {"RUNNING", "STOPPED"} for task in alive)


def service_of(resource: str) -> dict[str, Any] | None:
    """Return the active service with resource ID `service/CLUSTER/NAME`, or None."""
    ecs: Any = import_module(ECS)
    found: dict[str, Any] | None = ecs._services.get(resource.removeprefix("service/"))
    return found if found and found["status"] == "ACTIVE" else None


def _to_mapping(dimensions: list[dict[str, str]]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in dimensions}

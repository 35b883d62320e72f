"""Run one event on Amazon ECS in a task whose adapter receives the event as an argument."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from intermodal.deployed import session as aws
from intermodal.deployed.run_result import RunResult
from intermodal.deployed.stack import DeployedLane
from intermodal.problems.errors import CliError
from intermodal.targets.ecs.containers import ADAPTER

LARGEST_OVERRIDES = 8192
"""Maximum number of characters in a task's overrides (ECS API reference, TaskOverride)."""

TASK_DEFINITION, SERVICE = "aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/service:Service"
PAUSE_SECONDS = 1.0
VISIBLE_SECONDS = 60.0
"""Time until DescribeTasks must return a new task; it is eventually consistent (ECS API reference, RunTask)."""

LAST_LINES_SECONDS = 10.0
"""Time to wait for the last log lines. The log driver writes at least every five seconds (awslogs, non-blocking)."""


def run(lane: DeployedLane, event: str) -> RunResult:
    """Run the task and return the response from the adapter's log.

    Raises:
        CliError: The event is too large, the task did not start, or it stopped without a response.
    """
    definition, service = lane.find_resource(TASK_DEFINITION)["outputs"], lane.find_resource(SERVICE)["outputs"]
    adapter = _find_adapter(definition)
    overrides = {"containerOverrides": [{"name": ADAPTER, "command": [*adapter["command"], "--event", event]}]}
    if (size := len(json.dumps(overrides))) > LARGEST_OVERRIDES:
        text = (
            f"the task's overrides with the event are {size:,} characters long, but ECS accepts at most "
            f"{LARGEST_OVERRIDES:,}"
        )
        raise CliError(f"{text}; upload the event to a bucket and send its key")
    with aws.open_session(lane.function) as session:
        ecs, logs = session.client("ecs"), session.client("logs")
        task = _start(ecs, definition, service, overrides)
        print(f"started task {task} in cluster {service['cluster'].rpartition('/')[2]}", file=sys.stderr)
        stopped = _wait_stopped(ecs, service["cluster"], task)
        return _read_result(logs, lane, adapter, stopped)


def _find_adapter(definition: Any) -> Any:
    return next(each for each in json.loads(definition["containerDefinitions"]) if each["name"] == ADAPTER)


def _start(ecs: Any, definition: Any, service: Any, overrides: Any) -> str:
    network = service["networkConfiguration"]
    strategy = service["capacityProviderStrategies"][0]
    answer = ecs.run_task(
        cluster=service["cluster"],
        taskDefinition=definition["arn"],
        count=1,
        capacityProviderStrategy=[{"capacityProvider": strategy["capacityProvider"], "weight": 1}],
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": network["subnets"],
                "securityGroups": network["securityGroups"],
                "assignPublicIp": "DISABLED",
            }
        },
        overrides=overrides,
        startedBy="intermodal-run",
    )
    if answer["failures"]:
        why = "; ".join(f"{each.get('reason')} {each.get('detail', '')}".strip() for each in answer["failures"])
        raise CliError(f"ECS did not start the task: {why}")
    return str(answer["tasks"][0]["taskArn"])


def _wait_stopped(
    ecs: Any,
    cluster: str,
    task: str,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """Wait until the task has stopped and return it; the adapter enforces the timeout."""
    visible = clock() + VISIBLE_SECONDS
    while True:
        found = ecs.describe_tasks(cluster=cluster, tasks=[task])["tasks"]
        if found and found[0]["lastStatus"] == "STOPPED":
            return found[0]
        if not found and clock() > visible:
            raise CliError(f"ECS started task {task} but does not return it; check in ECS whether the event ran")
        sleep(PAUSE_SECONDS)


def _read_result(logs: Any, lane: DeployedLane, adapter: Any, task: Any) -> RunResult:
    prefix = adapter["logConfiguration"]["options"]["awslogs-stream-prefix"]
    stream = f"{prefix}/{ADAPTER}/{task['taskArn'].rpartition('/')[2]}"
    deadline = time.monotonic() + LAST_LINES_SECONDS
    while True:
        lines = list(_read_lines(logs, lane.function.log_group_name, stream))
        if answer := RunResult.from_lines(lines):
            return answer
        if time.monotonic() > deadline:
            sys.stderr.write("".join(f"{line}\n" for line in lines))
            raise CliError(f"the task stopped without a response ({task.get('stoppedReason', 'no reason reported')})")
        time.sleep(PAUSE_SECONDS)


def _read_lines(logs: Any, group: str, stream: str) -> Iterator[str]:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, logStreamNames=[stream])
    try:
        for page in pages:
            yield from (event["message"] for event in page["events"])
    except logs.exceptions.ResourceNotFoundException:  # the log stream does not exist yet
        return

"""Emulate the ECS service scheduler: start and stop tasks until every service is in its desired state."""

import logging
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from local.aws.ecs import deployments, records
from local.aws.ecs.protection import was_protected_lately
from local.aws.ecs.records import ECS
from local.aws.ecs.rollout import DesiredService, RolloutStep, RunningTask, plan_step

logger = logging.getLogger(__name__)
TICK_SECONDS = 0.5
STEADY_SECONDS = 2.0
"""Minimum run time of a steady task; a task that stops sooner counts as failed. AWS documents no value."""

KEPT_SECONDS = 3600.0
"""How long stopped tasks stay visible: about an hour on ECS (developer guide, stopped task errors)."""


class Scheduler:
    """Thread that reconciles all services after every change and twice a second."""

    def __init__(self, stop: Callable[[str], None]) -> None:
        self._stop = stop
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True, name="ecs-scheduler")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def poke(self) -> None:
        """Reconcile all services now."""
        self._wake.set()

    def close(self) -> None:
        """Stop the thread; no task starts after that."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            try:
                self._reconcile_all()
            except Exception:
                logger.exception("failed to reconcile the ECS services; retrying")
                self._closed.wait(TICK_SECONDS)

    def _reconcile_all(self) -> None:
        ecs: Any = import_module(ECS)
        for _, service in list(ecs._services.all_items()):
            if service["status"] in {"ACTIVE", "DRAINING"} and not self._closed.is_set():
                with records.scope_of(service):
                    self._reconcile(ecs, service)
        for (account, region, arn), task in list(ecs._tasks.all_items()):
            if task["lastStatus"] == "STOPPED" and records.age_seconds(task.get("stoppedAt")) > KEPT_SECONDS:
                with records.scope_of({"taskArn": f"arn:aws:ecs:{region}:{account}:"}):
                    ecs._tasks.pop(arn, None)

    def _reconcile(self, ecs: Any, service: dict[str, Any]) -> None:
        own = deployments.tasks_of(ecs, service)
        deployments.count_ends(ecs, service, own)
        alive = [task for task in own if task["lastStatus"] != "STOPPED"]
        running = [self._describe_task(ecs, service, task) for task in alive if not records.is_stopping(task)]
        self._apply(ecs, service, plan_step(self._describe_service(ecs, service), running))
        deployments.settle(ecs, service, running, alive)

    @staticmethod
    def _describe_service(ecs: Any, service: dict[str, Any]) -> DesiredService:
        primary = ecs._primary_deployment(service)
        configured = service.get("deploymentConfiguration") or {}
        failed = primary is None or primary["rolloutState"] == "FAILED"
        return DesiredService(
            count=service["desiredCount"],
            minimum_percent=int(configured.get("minimumHealthyPercent", 100)),
            maximum_percent=int(configured.get("maximumPercent", 200)),
            may_start=not failed and time.time() >= primary.get("_not_before", 0),
        )

    @staticmethod
    def _describe_task(ecs: Any, service: dict[str, Any], task: dict[str, Any]) -> RunningTask:
        has_check = task["healthStatus"] != "UNKNOWN" or task.get("_checks_health")
        ran = task["lastStatus"] == "RUNNING" and records.age_seconds(task["startedAt"]) > STEADY_SECONDS
        steady = ran and (not has_check or task["healthStatus"] == "HEALTHY")
        task["_startup_stable"] = bool(task.get("_startup_stable") or steady)
        return RunningTask(
            arn=task["taskArn"],
            current=ecs._deployment_for_task(service, task) is ecs._primary_deployment(service),
            steady=steady,
            protected=was_protected_lately(task),
            sick=task["healthStatus"] == "UNHEALTHY",
            born=str(task["createdAt"]),
        )

    def _apply(self, ecs: Any, service: dict[str, Any], step: RolloutStep) -> None:
        deployment = ecs._primary_deployment(service)
        about = f"(deployment {deployment['id']})" if deployment else ""
        scaling = f"Scaling activity initiated by {about}"
        reasons = dict.fromkeys([*step.replaced, *step.surplus], scaling)
        reasons |= dict.fromkeys(step.sick, "Task failed container health checks")
        for arn, reason in reasons.items():
            task = ecs._tasks[arn]
            if records.begin_stop(task, reason, "ServiceSchedulerInitiated"):
                records.count_again(task)
                self._stop(arn)
        if step.start:
            deployments.launch(ecs, service, deployment, step.start)

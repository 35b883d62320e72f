"""The service scheduler: keeps the tasks of every service as wanted, one look after the other."""

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
"""A task that ends sooner than this after it ran counts as failed; AWS has no figure for it."""

KEPT_SECONDS = 3600.0
"""ECS shows a stopped task for about an hour (developer guide, stopped task errors)."""


class Scheduler:
    """A thread that looks at all services whenever something changed, and twice a second."""

    def __init__(self, stop: Callable[[str], None]) -> None:
        self._stop = stop
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True, name="ecs-scheduler")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def poke(self) -> None:
        """Look now."""
        self._wake.set()

    def close(self) -> None:
        """Start nothing any more."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._closed.is_set():
            self._wake.wait(TICK_SECONDS)
            self._wake.clear()
            try:
                self._look()
            except Exception:
                logger.exception("the ECS scheduler could not do its work; it tries again")
                self._closed.wait(TICK_SECONDS)

    def _look(self) -> None:
        ecs: Any = import_module(ECS)
        for _, service in list(ecs._services.all_items()):
            if service["status"] in {"ACTIVE", "DRAINING"} and not self._closed.is_set():
                with records.scope_of(service):
                    self._keep(ecs, service)
        for (account, region, arn), task in list(ecs._tasks.all_items()):
            if task["lastStatus"] == "STOPPED" and records.age(task.get("stoppedAt")) > KEPT_SECONDS:
                with records.scope_of({"taskArn": f"arn:aws:ecs:{region}:{account}:"}):
                    ecs._tasks.pop(arn, None)

    def _keep(self, ecs: Any, service: dict[str, Any]) -> None:
        mine = deployments.tasks_of(ecs, service)
        deployments.count_ends(ecs, service, mine)
        alive = [task for task in mine if task["lastStatus"] != "STOPPED"]
        standing = [self._list_running_tasks(ecs, service, task) for task in alive if not records.stopping(task)]
        self._do(ecs, service, plan_step(self._describe_service(ecs, service), standing))
        deployments.settle(ecs, service, standing, alive)

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
    def _list_running_tasks(ecs: Any, service: dict[str, Any], task: dict[str, Any]) -> RunningTask:
        checked = task["healthStatus"] != "UNKNOWN" or task.get("_checks_health")
        ran = task["lastStatus"] == "RUNNING" and records.age(task["startedAt"]) > STEADY_SECONDS
        steady = ran and (not checked or task["healthStatus"] == "HEALTHY")
        task["_startup_stable"] = bool(task.get("_startup_stable") or steady)
        return RunningTask(
            arn=task["taskArn"],
            current=ecs._deployment_for_task(service, task) is ecs._primary_deployment(service),
            steady=steady,
            protected=was_protected_lately(task),
            sick=task["healthStatus"] == "UNHEALTHY",
            born=str(task["createdAt"]),
        )

    def _do(self, ecs: Any, service: dict[str, Any], chosen: RolloutStep) -> None:
        deployment = ecs._primary_deployment(service)
        about = f"(deployment {deployment['id']})" if deployment else ""
        scaling = f"Scaling activity initiated by {about}"
        reasons = dict.fromkeys([*chosen.replaced, *chosen.surplus], scaling)
        reasons |= dict.fromkeys(chosen.sick, "Task failed container health checks")
        for arn, reason in reasons.items():
            task = ecs._tasks[arn]
            if records.begin_stop(task, reason, "ServiceSchedulerInitiated"):
                records.count_again(task)
                self._stop(arn)
        if chosen.start:
            deployments.launch(ecs, service, deployment, chosen.start)

"""Run one task's lifecycle in a separate thread, like the ECS agent."""

import threading
import time
from collections.abc import Callable
from typing import Any

from docker.errors import DockerException, ImageNotFound

from local.advice import LocalError
from local.aws.ecs import records, spec
from local.aws.ecs.containers import Containers
from local.aws.ecs.secrets import StartError
from local.aws.ecs.spec import Phase, Spec, State

TICK_SECONDS = 0.25
"""Interval between health and timeout checks; container exits are detected immediately."""

NEVER_STARTED = 143
"""Exit code for a container whose dependency failed (amazon-ecs-agent, handleTerminalDependencyError)."""


class Run:
    """A running task; `run` returns after everything it created is removed."""

    def __init__(self, task: dict[str, Any], specs: list[Spec], containers: Containers) -> None:
        self.task, self.specs = task, specs
        self.states = {one.name: State() for one in specs}
        self.ended = threading.Event()
        self._containers = containers
        self._wake = threading.Event()

    def wake(self) -> None:
        """Make the thread reread the task's record after the desired status has changed."""
        self._wake.set()

    def abandon(self) -> None:
        """Kill the task immediately, regardless of stop timeouts."""
        records.begin_stop(self.task, "The emulator was stopped or reset", "TerminationNotice")
        self._containers.kill()
        self.wake()

    def run(self) -> None:
        """Run the task from PROVISIONING to STOPPED. The task's account and region scope must be set."""
        try:
            self._begin()
            while not self._step():
                self._wake.wait(TICK_SECONDS)
                self._wake.clear()
        except StartError as error:
            self._fail(str(error))
        except (DockerException, LocalError, OSError) as error:
            self._fail(f"ResourceInitializationError: unable to start the task: {error}")
        finally:
            self._containers.remove()
            records.finish(self.task)
            self.ended.set()

    def _begin(self) -> None:
        records.mark_pulling(self.task)
        self._containers.prepare(self.specs)

    def _step(self) -> bool:
        """Perform the next actions; return whether the task has stopped."""
        self._check_health()
        if not records.is_stopping(self.task):
            self._start_next()
        if records.is_stopping(self.task):
            self._stop_next()
        records.show(self.task, self.states)
        return records.is_stopping(self.task) and all(s.phase is Phase.STOPPED for s in self.states.values())

    def _start_next(self) -> None:
        """Start the containers whose dependencies are met; fail those whose dependencies can no longer be met."""
        self._stop_after_essential_exit()
        for one in self.specs:
            state = self.states[one.name]
            if state.phase is Phase.WAITING and (
                why := spec.explain_blocked(one, self.specs, self.states, time.monotonic())
            ):
                self._fail_start(one, f"CannotStartContainerError: {why}")
        while not records.is_stopping(self.task) and (ready := spec.list_startable(self.specs, self.states)):
            self._start(ready[0])
        if not records.is_stopping(self.task) and self.task["lastStatus"] != "RUNNING" and self._all_started():
            records.mark_running(self.task)

    def _all_started(self) -> bool:
        return not any(state.phase is Phase.WAITING for state in self.states.values())

    def _start(self, one: Spec) -> None:
        state = self.states[one.name]
        try:
            handle = self._containers.start(one)
        except ImageNotFound as error:
            raise StartError(f"CannotPullContainerError: {error}") from error
        except DockerException as error:
            self._fail_start(one, f"CannotStartContainerError: {error}")
            return
        state.phase, state.started = Phase.RUNNING, time.monotonic()
        self._record_of(one)["runtimeId"] = handle.id
        threading.Thread(target=self._watch, args=(one, handle), daemon=True, name=f"ecs-{one.name}").start()
        records.show(self.task, self.states)

    def _fail_start(self, one: Spec, why: str) -> None:
        state = self.states[one.name]
        state.phase, state.exit_code, state.reason = Phase.STOPPED, NEVER_STARTED, why
        if one.essential:
            records.begin_stop(self.task, "Task failed to start", "TaskFailedToStart")

    def _stop_after_essential_exit(self) -> None:
        if any(one.essential and self.states[one.name].phase is Phase.STOPPED for one in self.specs):
            records.begin_stop(self.task, "Essential container in task exited", "EssentialContainerExited")

    def _stop_next(self) -> None:
        for one in self.specs:
            if self.states[one.name].phase is Phase.WAITING:
                self.states[one.name].phase = Phase.STOPPED
        for one in spec.list_stoppable(self.specs, self.states):
            self.states[one.name].stop_sent = True
            self._run_in_background(lambda one=one: self._containers.stop(one))  # type: ignore[misc]

    @staticmethod
    def _run_in_background(work: Callable[[], None]) -> None:
        threading.Thread(target=work, daemon=True, name="ecs-stop").start()

    def _watch(self, one: Spec, handle: Any) -> None:
        """Wait for a container to exit and record its exit code."""
        state = self.states[one.name]
        state.exit_code, state.reason = self._containers.end_of(handle)
        state.phase = Phase.STOPPED
        self._wake.set()

    def _check_health(self) -> None:
        for one in self.specs:
            state = self.states[one.name]
            if one.definition.get("healthCheck") and state.phase is Phase.RUNNING:
                state.health = self._containers.health_of(one)

    def _fail(self, reason: str) -> None:
        records.begin_stop(self.task, reason, "TaskFailedToStart")
        for one in self.specs:
            self.states[one.name].phase = Phase.STOPPED
        records.show(self.task, self.states)

    def _record_of(self, one: Spec) -> dict[str, Any]:
        found: dict[str, Any] = next(c for c in self.task["containers"] if c["name"] == one.name)
        return found

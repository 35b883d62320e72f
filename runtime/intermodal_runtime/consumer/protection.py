"""Protect an ECS task from scale-in and deployments while it is busy.

Three rules protect work in progress and let deployments complete under sustained load:

- A task receives messages only while ECS needs it. It stops receiving on DEPLOYMENT_BLOCKED, if it cannot be protected
  because it is stopping or has no service, and if errors outlast the protection. ECS then stops the idle task.
- Under sustained load, a task regularly pauses without work and without protection, for longer than the scheduler needs
  to stop it. DEPLOYMENT_BLOCKED alone does not complete a rolling update: it means that more tasks are protected than
  the desired count (ECS developer guide, task scale-in protection), so an old task is protected again within the count.
- A task exits after some hours (`run_seconds`), and the service starts the current revision. This limits the duration
  of a deployment even if no pause is long enough.

No run is interrupted: a paused task has no work, and the task is protected before new messages are processed.
"""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .ecs_agent import ANSWER_SECONDS, PATH, AgentResponse, ProtectionStatus, put_state
from .log import ConsumerLog

MOST_MINUTES = 2880
"""Maximum of expiresInMinutes in UpdateTaskProtection."""


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """Intervals for renewing, releasing and retrying protection."""

    spare_minutes: float = 10
    """Minutes of protection in addition to the timeout; protection is renewed after half of them. If a renewal fails
    with DEPLOYMENT_BLOCKED, the current protection must outlast the run."""

    linger_seconds: float = 5.0
    """Idle time before protection is released, because a call per batch would exceed the agent's limits."""

    retry_seconds: float = 15.0
    """Seconds before a retry."""

    turn_seconds: float = 60.0
    """Seconds between checks, under sustained load, of whether ECS still needs the task."""

    rest_every_seconds: float = 600.0
    """Seconds between pauses without protection, under sustained load, so that ECS can stop the task."""

    rest_seconds: float = 20.0
    """Duration of a pause, about three percent of the time."""

    uncertain_seconds: float = 60.0
    """Seconds of continuous errors after which the task stops receiving."""

    answer_seconds: float = ANSWER_SECONDS
    """Timeout for calls to the agent."""


class Protection(Protocol):
    """Interface for protecting the host while work is in progress."""

    async def may_receive(self) -> bool:
        """Return whether to receive messages; if False, call again later."""

    async def begin(self) -> bool:
        """Protect the host before events are dispatched, and return whether to dispatch them."""

    def end(self) -> None:
        """Report that the work announced by one `begin` call is done."""

    async def close(self) -> None:
        """Release the protection when the consumer ends."""


class NoProtection:
    """No-op protection for hosts that do not stop busy processes."""

    async def may_receive(self) -> bool:
        """Return True."""
        return True

    async def begin(self) -> bool:
        """Return True."""
        return True

    def end(self) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


class TaskProtection:
    """Task protection with the ECS agent at `ECS_AGENT_URI`.

    Errors are logged. The task stops receiving only if protection has worked before, errors have lasted for a minute,
    and the remaining protection is shorter than a run. If the role lacks the permission, the task works without
    protection: messages are redelivered if it is killed, which is better than a lane that processes nothing.
    """

    def __init__(
        self,
        agent_uri: str,
        log: ConsumerLog,
        timeout_seconds: float,
        *,
        intervals: Intervals | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._timeout = timeout_seconds
        self._clock = clock
        self._intervals = intervals or Intervals()
        self._minutes = min(self._intervals.spare_minutes + math.ceil(timeout_seconds / 60), MOST_MINUTES)
        self._uri, self._log = agent_uri.rstrip("/") + PATH, log
        self._working = 0
        self._renew_at = self._granted_until = self._failing_since = self._release_at = 0.0
        self._idle_since = self._turn_since = self._loaded_since = self._rest_ends = 0.0
        self._was_granted = self._refused = False
        self._logged = ""
        self._task: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()

    async def may_receive(self) -> bool:
        """Return whether to receive messages: False during a pause, or if ECS is about to stop the task.

        Under sustained load, protection is released and requested again once a minute, between batches.
        """
        now = self._clock()
        if self._renew_at and now - self._loaded_since >= self._intervals.rest_every_seconds:
            if self._working:
                return False  # the pause starts once all workers have finished
            await self._release()
            self._rest_ends = self._loaded_since = self._clock() + self._intervals.rest_seconds
        if self._clock() < self._rest_ends:
            return False
        rested, self._rest_ends = bool(self._rest_ends), 0.0
        if not self._working:
            turn = self._renew_at and now - self._turn_since >= self._intervals.turn_seconds
            if turn or self._refused:
                await self._release()
            if turn or self._refused or rested or self._is_uncertain():
                await self._protect_when_due()
        return not self._refused and not self._is_uncertain()

    async def begin(self) -> bool:
        """Protect the task unless it is already protected; a background task renews the protection."""
        self._working += 1
        await self._protect_when_due()
        if self._task is None:
            self._task = asyncio.create_task(self._watch())
        return not self._refused and not self._is_uncertain()

    def end(self) -> None:
        """Decrease the number of runs by one."""
        self._working -= 1
        self._idle_since = self._clock()

    async def close(self) -> None:
        """Stop renewing and release the protection."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            await self._release()

    async def _watch(self) -> None:
        """Renew the protection while runs are in progress, and release it after an idle period."""
        while True:
            await asyncio.sleep(min(1.0, self._intervals.linger_seconds))
            if self._working:
                await self._protect_when_due()
            elif self._is_held() and self._clock() - self._idle_since >= self._intervals.linger_seconds:
                await self._release()
                self._loaded_since = 0.0

    def _is_held(self) -> bool:
        """Return whether there is protection to release now; a failed release is retried after a delay."""
        now = self._clock()
        return bool(self._renew_at) or (now < self._granted_until and now >= self._release_at)

    def _is_uncertain(self) -> bool:
        """Return whether errors have lasted so long that the remaining protection is shorter than a run."""
        now = self._clock()
        lasting = self._failing_since and now - self._failing_since >= self._intervals.uncertain_seconds
        return bool(self._was_granted and lasting and self._granted_until < now + self._timeout)

    async def _protect_when_due(self) -> None:
        async with self._asking:
            if self._clock() < self._renew_at:
                return
            answer = await self._ask(protect=True)
            now = self._clock()
            if not self._renew_at:
                self._turn_since = now
                self._loaded_since = self._loaded_since or now
            self._renew_at = now + (
                self._intervals.spare_minutes * 30
                if answer.status is ProtectionStatus.GRANTED
                else self._intervals.retry_seconds
            )
            if answer.status is ProtectionStatus.GRANTED:
                self._was_granted, self._refused, self._failing_since, self._logged = True, False, 0.0, ""
                self._granted_until = now + self._minutes * 60
            elif answer.status is ProtectionStatus.REFUSED:
                self._refused = True
            else:
                self._failing_since = self._failing_since or now

    async def _release(self) -> None:
        async with self._asking:
            if self._working:  # work may have started while the agent was busy
                return
            self._renew_at = 0.0
            answer = await self._ask(protect=False)
            if answer.status is ProtectionStatus.GRANTED:
                self._granted_until = 0.0
            self._release_at = self._clock() + self._intervals.retry_seconds

    async def _ask(self, *, protect: bool) -> AgentResponse:
        """Call the agent and log each failure once, unless a stopping task cannot release its protection."""
        body: dict[str, object] = {"ProtectionEnabled": protect}
        if protect:
            body["ExpiresInMinutes"] = self._minutes
        try:
            answer = await asyncio.to_thread(put_state, self._uri, body, self._intervals.answer_seconds)
        except Exception as error:  # noqa: BLE001 - agent errors must not stop the work
            answer = AgentResponse(ProtectionStatus.FAILED, f"{type(error).__name__}: {error}")
        if answer.text and answer.text != self._logged and (protect or not answer.gone):
            self._logged = answer.text
            advice = (
                "; this task does not receive messages until ECS protects it"
                if answer.status is ProtectionStatus.REFUSED
                else ""
            )
            self._log.write(
                "WARNING",
                f"cannot {'enable' if protect else 'end'} task protection: {answer.text}{advice if protect else ''}",
            )
        return answer

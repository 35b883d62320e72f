"""Task scale-in protection of ECS: a task at work is not stopped by scaling or a deployment."""

import asyncio
import json
import math
import time
from typing import Protocol

from .journal import Journal

SPARE_MINUTES, MOST_MINUTES = 10, 2880
"""Protection is for a whole run and so much more, and renewed at half of that: AWS's guide lets one that meets
DEPLOYMENT_BLOCKED wait for the end of the protection that it has, which must not come before the end of the run. The
most is UpdateTaskProtection's."""

LINGER_SECONDS = 5.0
"""Kept on so long after the work: a call per batch would meet the agent's limits."""

AGAIN_SECONDS = 15.0
"""Until the next attempt where protection was refused."""

ANSWER_SECONDS = 3.0
"""The agent is on this machine; work is never held up longer for it."""

TURN_SECONDS = 60.0
"""Under a load that never ends nothing else would let ECS stop the task: so often it may, between two batches."""

BLOCKED = "DEPLOYMENT_BLOCKED"
"""More tasks are protected than the service wants (ECS developer guide, task scale-in protection)."""

PATH = "/task-protection/v1/state"


class Protection(Protocol):
    """Told when work begins and ends."""

    async def wanted(self) -> bool:
        """Before anything is received: whether to, or to wait for the end instead and ask again in a while."""

    async def begin(self) -> bool:
        """Before events are handed out: whether to. Returns when protected, or when that could not be had in time."""

    def end(self) -> None:
        """The work of one `begin` is over."""

    async def close(self) -> None:
        """No more work: let go."""


class NoProtection:
    """Where nothing scales in running work."""

    async def wanted(self) -> bool:
        """Always."""
        return True

    async def begin(self) -> bool:
        """Always."""
        return True

    def end(self) -> None:
        """Nothing to tell."""

    async def close(self) -> None:
        """Nothing to let go."""


class TaskProtection:
    """Asks the ECS agent at `ECS_AGENT_URI`; a failure is said and never stops the work, nor the next attempt."""

    def __init__(
        self, agent_uri: str, journal: Journal, timeout_seconds: float, *, linger_seconds: float = LINGER_SECONDS
    ) -> None:
        self._minutes = min(SPARE_MINUTES + math.ceil(timeout_seconds / 60), MOST_MINUTES)
        self._uri, self._journal, self._linger = agent_uri.rstrip("/") + PATH, journal, linger_seconds
        self._working = 0
        self._renew_at = 0.0
        self._idle_since = 0.0
        self._protected_since = 0.0
        self._blocked = False
        self._task: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()

    async def wanted(self) -> bool:
        """Whether ECS wants this task to go on; asked of it once in a while, and only while nothing is under way.

        It is asked by letting go and protecting again, which ECS refuses where the service has enough protected tasks.
        """
        due = self._renew_at and time.monotonic() - self._protected_since >= TURN_SECONDS
        if (due or self._blocked) and not self._working:
            await self._let_go()
            await self._protect_when_due()
        return not self._blocked

    async def begin(self) -> bool:
        """Protect unless that is on already; renewed by a task of its own while work goes on.

        Where ECS refuses it wants to end this task, perhaps in the middle of what would begin here.
        """
        self._working += 1
        await self._protect_when_due()
        if self._task is None:
            self._task = asyncio.create_task(self._watch())
        return not self._blocked

    def end(self) -> None:
        """One piece of work less."""
        self._working -= 1
        self._idle_since = time.monotonic()

    async def close(self) -> None:
        """Stop renewing and let go."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            await self._let_go()

    async def _watch(self) -> None:
        """Renew while at work; let go once idle for a while."""
        while True:
            await asyncio.sleep(min(1.0, self._linger))
            if self._working:
                await self._protect_when_due()
            elif self._renew_at and time.monotonic() - self._idle_since >= self._linger:
                await self._let_go()

    async def _protect_when_due(self) -> None:
        async with self._asking:
            if time.monotonic() >= self._renew_at:
                protected = await self._ask(protect=True)
                if not self._renew_at:
                    self._protected_since = time.monotonic()
                self._renew_at = time.monotonic() + (SPARE_MINUTES * 30 if protected else AGAIN_SECONDS)

    async def _let_go(self) -> None:
        async with self._asking:
            if not self._working:  # work may have begun while the agent was busy
                self._renew_at = 0.0
                await self._ask(protect=False)

    async def _ask(self, *, protect: bool) -> bool:
        """Whether the agent did it. It answers 200 with a `failure` where a deployment is in the way."""
        body: dict[str, object] = {"ProtectionEnabled": protect}
        if protect:
            body["ExpiresInMinutes"] = self._minutes
        try:
            answer = await asyncio.to_thread(_put, self._uri, json.dumps(body).encode())
        except Exception as error:  # noqa: BLE001 - whatever it is, protection must not stop the work
            answer = f"{type(error).__name__}: {error}"
        if answer and not self._blocked:  # once is enough while it is asked again and again
            self._journal.note("WARNING", f"task protection {'on' if protect else 'off'} failed: {answer}")
        if protect:
            self._blocked = answer.startswith(BLOCKED)
        return not answer


def _put(uri: str, body: bytes) -> str:
    """What went wrong, or nothing."""
    import urllib3  # noqa: PLC0415 - botocore's own HTTP client, loaded only where an agent is

    answer = urllib3.request(
        "PUT",
        uri,
        body=body,
        headers={"Content-Type": "application/json"},
        timeout=urllib3.Timeout(total=ANSWER_SECONDS),
        retries=False,
    )
    text = answer.data.decode(errors="replace")
    if answer.status != 200:
        return f"{answer.status} {text[:300]}"
    failure = json.loads(text or "{}").get("failure")
    return f"{failure.get('Reason')} {failure.get('Detail', '')}".strip() if failure else ""

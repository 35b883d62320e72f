"""Define a service under test, and the programs that its tasks run."""

from collections.abc import Callable
from typing import Any

from local.processes import poll
from tests.local.ecs.conftest import CLUSTER, NETWORK, SECONDS, Ecs

FOREVER = """
import signal, sys, threading
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("ready")
threading.Event().wait()
"""
TERMINATED = """
import signal, sys, threading, time
def end(*_):
    time.sleep(1.5); sys.exit(0)
signal.signal(signal.SIGTERM, end)
threading.Event().wait()
"""
PROTECT = """
import json, os, signal, sys, threading, urllib.request, urllib.error
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
def ask(method, body=None):
    request = urllib.request.Request(os.environ["ECS_AGENT_URI"] + "/task-protection/v1/state", method=method,
        data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request) as answer: print(answer.status, answer.read().decode())
    except urllib.error.HTTPError as error: print(error.code, error.read().decode())
ask("PUT", {"ProtectionEnabled": True, "Other": 1})
ask("PUT", {})
ask("PUT", {"ProtectionEnabled": True, "ExpiresInMinutes": 2881})
ask("PUT", {"ProtectionEnabled": True, "ExpiresInMinutes": 1})
ask("GET")
print("ready")
threading.Event().wait()
"""
WORKER = """
import asyncio, os, signal
from intermodal_runtime.consumer import protection
from intermodal_runtime.consumer.log import ConsumerLog
INTERVALS = protection.Intervals(turn_seconds=60.0, rest_every_seconds=3.0, rest_seconds=3.0)
async def main():
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    log = ConsumerLog("f", "main", "ecs", 128)
    guard = protection.TaskProtection(os.environ["ECS_AGENT_URI"], log, 60, intervals=INTERVALS)
    while not stopping.is_set():
        if await guard.may_receive() and not stopping.is_set():
            if await guard.begin():
                print("work begins")
                await asyncio.sleep(0.3)
                print("work ends")
            guard.end()
        else:
            await asyncio.sleep(0.2)
    await guard.close()
asyncio.run(main())
"""
BROKEN = "raise SystemExit(3)"


class Service:
    """A service under test."""

    def __init__(self, ecs: Ecs, name: str) -> None:
        self.ecs, self.name, self._client = ecs, name, ecs.client("ecs")

    def create(self, definition: str, count: int, **configuration: Any) -> None:
        self._client.create_service(
            cluster=CLUSTER,
            serviceName=self.name,
            taskDefinition=definition,
            desiredCount=count,
            launchType="FARGATE",
            networkConfiguration=NETWORK,
            **({"deploymentConfiguration": configuration} if configuration else {}),
        )

    def update(self, **changes: Any) -> None:
        self._client.update_service(cluster=CLUSTER, service=self.name, **changes)

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.describe_services(cluster=CLUSTER, services=[self.name])["services"][0]
        return found

    def tasks(self, **which: Any) -> list[str]:
        return sorted(self._client.list_tasks(cluster=CLUSTER, serviceName=self.name, **which)["taskArns"])

    def stopped_tasks(self) -> list[dict[str, Any]]:
        return [self.ecs.describe(arn) for arn in self.tasks(desiredStatus="STOPPED")]

    def is_steady(self) -> bool:
        seen = self.describe()
        return len(seen["deployments"]) == 1 and seen["deployments"][0]["rolloutState"] == "COMPLETED"

    def until(self, done: Callable[[], bool]) -> None:
        assert poll(done, SECONDS), (self.describe(), self.stopped_tasks())

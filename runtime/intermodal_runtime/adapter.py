"""Run the adapter, which emulates Lambda for an unmodified Lambda image on ECS and Kubernetes.

The server listens before the SDK is loaded, because the app may start as soon as the port is open.
"""

import argparse
import asyncio
import os
import random
import signal
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import uvloop

from .addresses import PORT
from .api import RuntimeApi
from .consumer.exits import OUT_OF_MEMORY, ExitExplainer
from .consumer.log import ConsumerLog
from .consumer.protection import TaskProtection
from .consumer.settings import ConsumerSettings, cap_retry_pauses
from .consumer.usage import AgentStats, Meter, Processes
from .control import Control
from .invocation import FunctionContext
from .pod import count_early_exits, fail_when_app_is_gone
from .server import Server, serve
from .single_event import run_single_event

APP_EXIT_SECONDS = 30.0
"""Grace period for an app after SIGTERM, once its work is done; after that, its client receives a 500 response."""


def main(words: Sequence[str]) -> int:
    """Run the adapter and return an `ExitStatus` (0 done, 1 app failed, 3 queue gone), or 2 for incorrect usage."""
    parser = _parser()
    options = parser.parse_args(words)
    try:
        _, partition, _, region, of_queue, *_ = options.queue_arn.split(":")
        context = FunctionContext(
            name=options.function,
            timeout_seconds=options.timeout_seconds,
            memory_mib=options.memory_mib,
            region=region,
            arn=f"arn:{partition}:lambda:{region}:{options.account or of_queue}:function:{options.function}",
            log_group=options.log_group,
            max_concurrency=options.max_concurrency,
        )
        pauses = cap_retry_pauses(options.retry_seconds, options.longest_retry_seconds, options.timeout_seconds)
        settings = ConsumerSettings(
            batch_size=options.batch_size,
            window_seconds=options.window_seconds,
            report_failures=not options.ignore_item_failures,
            fifo=options.queue_url.endswith(".fifo"),
            lease_seconds=options.lease_seconds,
            poll_seconds=options.poll_seconds,
            retry_seconds=pauses[0],
            longest_retry_seconds=pauses[1],
            empty_polls=options.empty_polls,
            run_seconds=_choose_lifetime(options.run_seconds, options.run_jitter_seconds),
            grace_seconds=options.grace_seconds,
            start_seconds=options.start_seconds,
            return_seconds=options.return_seconds,
            hang_seconds=options.hang_seconds,
        )
    except ValueError as error:
        parser.error(str(error))
    return uvloop.run(_run(options, context, settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m intermodal_runtime adapter", description=__doc__)
    defaults = ConsumerSettings()
    add = parser.add_argument
    add("--queue-url", required=True, help="inbox URL")
    add("--queue-arn", required=True, help="inbox ARN, which also determines the function's Region")
    add("--account", help="function's account ID; default: the inbox's account")
    add("--function", required=True, help="function name for the app and the metrics")
    add("--lane", default="main", help="lane name for the metrics")
    add("--target", default="ecs", help="target name for the metrics: ecs or kubernetes")
    add("--timeout-seconds", type=float, required=True, help="timeout for one event")
    add("--memory-mib", type=int, default=128, help="memory size that the app reads; not enforced")
    add("--log-group", default="", help="log group that the app reads")
    add("--max-concurrency", type=int, default=1, help="maximum concurrent events in one app process")
    add("--batch-size", type=int, default=defaults.batch_size, help="maximum messages in one event")
    add("--window-seconds", type=float, default=defaults.window_seconds, help="maximum time to fill a batch")
    add("--ignore-item-failures", action="store_true", help="ignore batchItemFailures in responses")
    add(
        "--lease-seconds",
        type=int,
        default=defaults.lease_seconds,
        help="time until a killed consumer's messages return",
    )
    add("--poll-seconds", type=int, default=defaults.poll_seconds, help="maximum wait time of one receive")
    add("--retry-seconds", type=int, default=defaults.retry_seconds, help="delay before the first redelivery")
    add(
        "--longest-retry-seconds",
        type=int,
        default=defaults.longest_retry_seconds,
        help="maximum delay before a redelivery; the delay doubles each time",
    )
    add("--empty-polls", type=int, default=defaults.empty_polls, help="stop after this many empty receives; 0: never")
    add("--run-seconds", type=float, default=defaults.run_seconds, help="stop after this time; 0: never")
    add("--run-jitter-seconds", type=float, default=0.0, help="stop up to this much earlier, chosen at random")
    add("--grace-seconds", type=float, default=defaults.grace_seconds, help="time between SIGTERM and SIGKILL")
    add(
        "--start-seconds",
        type=float,
        default=defaults.start_seconds,
        help="maximum time for the image pull and the app's start",
    )
    add(
        "--return-seconds",
        type=float,
        default=defaults.return_seconds,
        help="maximum time for a crashed app to restart",
    )
    add(
        "--hang-seconds",
        type=float,
        default=defaults.hang_seconds,
        help="maximum time for an app to continue after an event timed out",
    )
    add("--event", help="run this event instead of consuming the queue")
    add("--event-file", type=Path, help="run the event in this file instead of consuming the queue")
    add("--app-container", default="app", help="app's container name in an ECS task")
    add("--app-user", type=int, help="app's user ID in a pod with a shared process namespace")
    add(
        "--wait-for-stop",
        action="store_true",
        help="provide the exit status to a waiter until SIGTERM, and rely on SIGTERM to stop the app",
    )
    return parser


def _choose_lifetime(seconds: float, jitter_seconds: float) -> float:
    """Return the adapter's lifetime in seconds, with jitter so that tasks that start together do not end together."""
    return max(1.0, seconds - random.uniform(0, jitter_seconds)) if seconds else 0.0  # noqa: S311 - not for security


def _read_event(options: argparse.Namespace) -> bytes | None:
    """Return the single event to run, or None to consume the queue."""
    if options.event_file is not None:
        content: bytes = options.event_file.read_bytes()
        return content
    return None if options.event is None else str(options.event).encode()


async def _run(options: argparse.Namespace, context: FunctionContext, settings: ConsumerSettings) -> int:
    event = _read_event(options)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    drain = asyncio.Event()
    control = Control(drain.set)
    ends_clients = not options.wait_for_stop
    api = RuntimeApi(context, ready_timeout_seconds=settings.return_seconds, ends_clients=ends_clients)
    server = await serve(api, port=PORT, more=control.routes)
    try:
        log = ConsumerLog(options.function, options.lane, options.target, options.memory_mib)
        if event is None:
            verdict = await _consume(options, api, settings, log, stopping, drain)
        else:
            verdict = await run_single_event(api, log, event, settings.start_seconds, [stopping, drain])
        control.publish(verdict)
        if options.wait_for_stop:
            await stopping.wait()
            await _wait_for_app_exit(server, options.grace_seconds)
        await api.shutdown(0)
    finally:
        await server.close()
    return verdict


async def _wait_for_app_exit(server: Server, grace_seconds: float) -> None:
    """Wait until no client is connected, because the app is about to receive SIGTERM.

    If the adapter exited first, it would close the connection of the app's waiting call, which clients log as a
    failure.
    """
    await server.wait_disconnected(min(APP_EXIT_SECONDS, grace_seconds / 4))


async def _consume(
    options: argparse.Namespace,
    api: RuntimeApi,
    settings: ConsumerSettings,
    log: ConsumerLog,
    stopping: asyncio.Event,
    drain: asyncio.Event,
) -> int:
    consumer_module, sqs_module = await asyncio.to_thread(_load_modules)
    queue = sqs_module.SqsQueue(options.queue_url, options.queue_arn, poll_seconds=settings.poll_seconds)
    agent = os.environ.get("ECS_AGENT_URI")
    protection = TaskProtection(agent, log, options.timeout_seconds) if agent else None
    app = Processes(options.app_user) if options.app_user is not None else None
    meter = _create_meter(options, app, alone=api.context.max_concurrency == 1)
    exits = ExitExplainer(options.memory_mib, app)
    exits.begin()
    consumer = consumer_module.Consumer(api, queue, settings, log, protection, meter, exits=exits)
    waits: list[asyncio.Task[Any]] = [asyncio.create_task(stopping.wait()), asyncio.create_task(drain.wait())]
    running = asyncio.create_task(consumer.run())
    watching = []
    if app is not None and meter is not None:
        gone = fail_when_app_is_gone(app, api, settings.return_seconds, meter.record_peak)
        watching += [asyncio.create_task(gone), asyncio.create_task(count_early_exits(app, api))]
    await asyncio.wait([running, *waits], return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        if metadata := os.environ.get("ECS_CONTAINER_METADATA_URI_V4"):
            from .task import fail_when_app_stops, find_exit  # noqa: PLC0415 - only used on ECS

            if not api.ready and (end := await find_exit(metadata, options.app_container)):
                words = OUT_OF_MEMORY.format(mib=options.memory_mib) if exits.is_out_of_memory(end[1]) else end[1]
                log.write("ERROR", f"the app did not start: {end[0]}: {words}; check its log")
            waits.append(asyncio.create_task(fail_when_app_stops(metadata, options.app_container, api)))
        consumer.stop()
    try:
        return int(await running)
    finally:
        for task in [*waits, *watching]:
            task.cancel()
        queue.close()


def _create_meter(options: argparse.Namespace, app: Processes | None, *, alone: bool) -> Meter | None:
    """Return a meter for the app's usage, or None if the host provides no usage data."""
    if app is not None:
        return Meter(app, alone=alone)
    metadata = os.environ.get("ECS_CONTAINER_METADATA_URI_V4")
    return Meter(AgentStats(metadata, options.app_container), alone=alone) if metadata else None


def _load_modules() -> tuple[Any, Any]:
    """Import the modules that use the SDK; called in a thread, so that the event loop keeps serving the app."""
    return import_module(".consumer.consumer", __package__), import_module(".consumer.sqs", __package__)

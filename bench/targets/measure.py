"""Measure message latency on each target, the start of a one-shot Job, and an idle adapter's resource use.

As in the tests, the functions run in Docker through the AWS emulator and in the local Kubernetes cluster.
"""

import contextlib
import io
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from bench.figures import Figure
from bench.harness.load import Load
from bench.harness.project import VARIABLES
from bench.harness.stack import Stack, undeployed
from bench.machinery import machinery
from bench.targets import adapters
from intermodal.targets.kubernetes import run as run_on_kubernetes
from intermodal.targets.kubernetes.scaled_job import POLL_SECONDS
from local.docker import daemon
from local.engine import find
from local.engine.workspace import Workspace

TARGETS = ("lambda", "ecs", "kubernetes")
WARM_UP = 3
ABOVE_POLL_SECONDS = 2.0
WARM_RATIO, ONE_SHOT_SECONDS = 1.2, 1.5
DEADLINE_SECONDS = 120.0
NO_JOBS_SECONDS = 45.0


def measure(rounds: int) -> Sequence[Figure]:
    """Deploy a stack and return its measurements; Kubernetes takes up to a minute per round."""
    with _stack() as stack:
        return measure_on(stack, rounds)


def measure_on(stack: Stack, rounds: int) -> Sequence[Figure]:
    """Configure and deploy the stack, and return its measurements."""
    stack.configure({target: {"target": target, "timeout": 30} for target in TARGETS})
    loads = stack.up()
    with closing(daemon.ensure().client()) as docker:
        return [
            *_warm(loads, 8 * rounds),
            *adapters.idle(docker, stack.emulator),  # must run before the service scales to zero
            *_from_none(stack, loads["kubernetes"], rounds),
            *_one_shot(stack, loads["kubernetes"], rounds),
            *adapters.start(docker, str(stack.config["adapter"]), rounds),
        ]


@contextmanager
def _stack() -> Iterator[Stack]:
    """Yield a stack before its first deployment; destroy it afterwards."""
    with machinery() as on:
        variables = {**on.emulator.client_environment(), **VARIABLES}
        workspace = Workspace.prepare(find.find(), on.folder / "pulumi", variables)
        with undeployed(workspace, on.emulator, on.docker, on.cluster, on.folder / "program") as stack:
            yield stack


def _warm(loads: Mapping[str, Load], rounds: int) -> Sequence[Figure]:
    """Measure the time from the send call to the handler's start when a consumer is already waiting."""
    waits: dict[str, list[float]] = {"lambda": [], "ecs": []}
    for number in range(WARM_UP + rounds):
        for target, found in waits.items():
            seconds = _wait(loads[target])
            if number >= WARM_UP:
                found.append(seconds)
    medians = {target: statistics.median(found) for target, found in waits.items()}
    return [
        *(Figure(name=f"{target}, warm: sent to handler", value=1000 * medians[target], unit="ms") for target in waits),
        Figure(name="ecs / lambda, warm", value=medians["ecs"] / medians["lambda"], at_most=WARM_RATIO),
    ]


def _from_none(stack: Stack, load: Load, rounds: int) -> Sequence[Figure]:
    """Measure the time from the send call to the handler's start when no pod is running."""
    waits = []
    for number in range(rounds):
        _until_no_pods(stack)
        time.sleep(number * POLL_SECONDS / rounds)  # spreads the send calls over KEDA's polling interval
        waits.append(_wait(load))
    note = f"KEDA polls every {POLL_SECONDS} s; the maximum over {rounds}"
    goal = POLL_SECONDS + ABOVE_POLL_SECONDS
    return [Figure(name="kubernetes, from no pod", value=max(waits), unit="s", at_most=goal, note=note)]


def _one_shot(stack: Stack, load: Load, rounds: int) -> Sequence[Figure]:
    """Measure the time from just before the Job is created to the handler's start."""
    resources = stack.project.resources()
    scaled_job = next(one for one in resources if one["type"] == run_on_kubernetes.SCALED_JOB)
    waits = []
    _until_no_pods(stack)
    with run_on_kubernetes.connect({"kubeconfig": str(stack.cluster.kubeconfig)}, "dev") as (core, batch):
        for number in range(rounds):
            name = f"once-{number}"
            record = {"messageId": "m", "body": json.dumps({"do": "work", "id": name, "seconds": 0})}
            began = time.time()
            with contextlib.redirect_stderr(io.StringIO()):
                run_on_kubernetes.Run(core, batch, scaled_job["outputs"]).execute(json.dumps({"Records": [record]}))
            waits.append(_started(load, name) - began)
    return [
        Figure(
            name="kubernetes, one-shot: Job applied to handler",
            value=statistics.median(waits),
            unit="s",
            at_most=ONE_SHOT_SECONDS,
            note=f"median of {rounds}, maximum {max(waits):.2f} s",
        )
    ]


def _wait(load: Load) -> float:
    began = time.time()
    return _started(load, load.send("work", 0)) - began


def _started(load: Load, name: str) -> float:
    """Wait until the message is handled, and return the handler's start time in epoch seconds."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        load.look()
        if load.marks[name, "done"]:
            return load.times[name, "started"]
        time.sleep(0.05)
    raise RuntimeError(f"message {name} was not handled within {DEADLINE_SECONDS:g} s")


def _until_no_pods(stack: Stack) -> None:
    """Wait until none of the stack's pods is running."""
    deadline = time.monotonic() + NO_JOBS_SECONDS
    with run_on_kubernetes.connect({"kubeconfig": str(stack.cluster.kubeconfig)}, "dev") as (core, _):
        while any(_runs(pod) for pod in core.list_namespaced_pod(stack.namespace).items):
            if time.monotonic() > deadline:
                raise RuntimeError(
                    f"pods in {stack.namespace} are still pending or running after {NO_JOBS_SECONDS:g} s"
                )
            time.sleep(0.5)


def _runs(pod: Any) -> bool:
    return pod.status.phase in {"Pending", "Running"}

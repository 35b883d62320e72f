"""Run one event on Kubernetes in a Job like the lane's Jobs, whose adapter reads the event from a Secret."""

import contextlib
import json
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from intermodal.deployed.run_result import RunResult
from intermodal.deployed.stack import DeployedLane
from intermodal.problems.errors import CliError
from intermodal.targets.kubernetes.one_shot import EVENT, one_shot_job

SCALED_JOB = "kubernetes:keda.sh/v1alpha1:ScaledJob"
LARGEST_BYTES = 1_000_000
"""Maximum event size. A Secret can contain at most 1 MiB (Kubernetes documentation, Secrets)."""

LONGEST_NAME = 63 - len("-00000000")
PAUSE_SECONDS = 0.2


def run(lane: DeployedLane, event: str) -> RunResult:
    """Run the Job and return its response; print the app's log to standard error.

    Raises:
        CliError: The event is too large, the cluster is not responding, or the Job ended without a response.
    """
    if len(event.encode()) > LARGEST_BYTES:
        raise CliError(
            f"the event is larger than the {LARGEST_BYTES:,} bytes of a Secret; send the key of an object instead"
        )
    scaled_job = lane.find_resource(SCALED_JOB)
    with connect(lane.find_provider(scaled_job), lane.function.stack) as (core, batch):
        return Run(core, batch, scaled_job["outputs"]).execute(event)


class Run:
    """A Job for one event, and the Secret that contains the event and is deleted with the Job."""

    def __init__(self, core: Any, batch: Any, scaled_job: Mapping[str, Any]) -> None:
        self._core, self._batch, self._scaled_job = core, batch, scaled_job
        self._namespace = scaled_job["metadata"]["namespace"]
        self._name = f"{scaled_job['metadata']['name'][:LONGEST_NAME]}-{uuid.uuid4().hex[:8]}"

    def execute(self, event: str) -> RunResult:
        """Start the Job, follow its log and return its response."""
        self._start(event)
        print(f"Job {self._name} in {self._namespace} starts", file=sys.stderr)
        pod = self._wait_for_pod()
        app = threading.Thread(target=self._forward_lines, args=(pod,), daemon=True)
        app.start()
        answer = RunResult.from_lines(self._read_lines(pod, "adapter"))
        app.join(timeout=2)
        if answer is None:
            raise CliError(
                f"the Job ended without a response; `kubectl -n {self._namespace} logs {pod} adapter` shows why"
            )
        return answer

    def _start(self, event: str) -> None:
        secret = {"metadata": {"name": self._name, "labels": self._labels}, "stringData": {EVENT: event}}
        self._core.create_namespaced_secret(self._namespace, secret)
        try:
            job = self._batch.create_namespaced_job(self._namespace, one_shot_job(self._name, self._scaled_job))
        except BaseException:
            self._core.delete_namespaced_secret(self._name, self._namespace)
            raise
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": self._name, "uid": job.metadata.uid}
        self._core.patch_namespaced_secret(self._name, self._namespace, {"metadata": {"ownerReferences": [owner]}})

    @property
    def _labels(self) -> dict[str, str]:
        return dict(self._scaled_job["metadata"]["labels"])

    def _wait_for_pod(self) -> str:
        """Return the name of the Job's pod once the adapter has started, or raise an error if the Job fails."""
        selector, said = f"batch.kubernetes.io/job-name={self._name}", ""
        while True:
            job = self._batch.read_namespaced_job(self._name, self._namespace)
            for pod in self._core.list_namespaced_pod(self._namespace, label_selector=selector).items:
                states = {each.name: each.state for each in pod.status.init_container_statuses or []}
                if "adapter" in states and not states["adapter"].waiting:
                    return str(pod.metadata.name)
                if (why := _pending_reason(pod)) and why != said:
                    said = why
                    print(f"the pod waits: {why}", file=sys.stderr)
            for condition in job.status.conditions or []:
                if condition.type == "Failed" and condition.status == "True":
                    raise CliError(f"the Job failed before it started: {condition.message}")
                if condition.type == "Suspended" and condition.status == "True" and not said:
                    said = "Kueue"
                    print("the Job waits for its quota (Kueue)", file=sys.stderr)
            time.sleep(PAUSE_SECONDS)

    def _read_lines(self, pod: str, container: str) -> Iterator[str]:
        stream = self._core.read_namespaced_pod_log(
            pod, self._namespace, container=container, follow=True, _preload_content=False
        )
        rest = b""
        for chunk in stream.stream():
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
        if rest:
            yield rest.decode(errors="replace")

    def _forward_lines(self, pod: str) -> None:
        """Print the app's log lines as they are written."""
        while True:
            try:
                for line in self._read_lines(pod, "app"):
                    print(line, file=sys.stderr, flush=True)
            except ApiException:  # the container has not started
                time.sleep(PAUSE_SECONDS)
            else:
                return


def _pending_reason(pod: Any) -> str:
    """Return the reason why a pod is pending, or an empty string if its status contains none."""
    for condition in pod.status.conditions or []:
        if condition.type == "PodScheduled" and condition.status == "False":
            return str(condition.message)
    for each in pod.status.init_container_statuses or []:
        if each.state.waiting and each.state.waiting.reason not in {None, "PodInitializing", "ContainerCreating"}:
            return f"{each.name}: {each.state.waiting.reason} {each.state.waiting.message or ''}".strip()
    return ""


@contextlib.contextmanager
def connect(provider: Mapping[str, Any], stack: str) -> Iterator[tuple[Any, Any]]:
    """Connect to the cluster of the lane's provider; convert errors to a one-sentence CliError.

    Raises:
        CliError: The kubeconfig cannot be used, or a call to the cluster failed.
    """
    given, context = provider.get("kubeconfig"), provider.get("context")
    if not isinstance(given, str):
        raise CliError(f"the kubeconfig of stack {stack} is a secret, which this command cannot read; use a path")
    try:
        api: Any = (
            config.new_client_from_config(  # type: ignore[no-untyped-call]
                given, context=context
            )
            if Path(given.partition("\n")[0]).expanduser().is_file()
            else config.new_client_from_config_dict(  # type: ignore[no-untyped-call]
                yaml.safe_load(given), context=context
            )
        )
        yield client.CoreV1Api(api), client.BatchV1Api(api)
    except config.ConfigException as error:
        raise CliError(f"the kubeconfig of stack {stack} cannot be used: {error}") from error
    except client.ApiException as error:
        raise CliError(f"the cluster refused ({error.status} {error.reason}): {_error_message(error)}") from error
    except HTTPError as error:
        raise CliError(f"the cluster of stack {stack} is not responding: {error}") from error


def _error_message(error: Any) -> str:
    try:
        return str(json.loads(error.body or "{}").get("message", ""))
    except ValueError:
        return str(error.body)

"""The pod deadline starts only on a node, and running work gets the pod's grace period."""

import time

from bench.harness.namespace import Namespace, Object, container, pod_of, until

SECONDS = 5
WORK = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(4)
    pathlib.Path("/dev/termination-log").write_text("ended by itself")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
while True:
    signal.pause()
"""


def job(namespace: Namespace, name: str, python: str, **pod: object) -> None:
    """Return a Job whose pod has a deadline."""
    spec = pod_of(container("main", python, WORK), activeDeadlineSeconds=SECONDS, **pod)
    namespace.apply("batch/v1", "Job", name, spec={"backoffLimit": 0, "template": {"spec": spec}})


def pod(namespace: Namespace, name: str) -> Object:
    """Return a Job's only pod."""
    [found] = namespace.pods(f"batch.kubernetes.io/job-name={name}")
    return found


def test_deadline_does_not_start_while_pod_is_unschedulable(namespace: Namespace, python: str) -> None:
    job(namespace, "waiting", python, nodeSelector={"nowhere": "yes"})
    until(lambda: bool(namespace.pods("batch.kubernetes.io/job-name=waiting")), "the pod", namespace.describe)
    time.sleep(2 * SECONDS)
    assert pod(namespace, "waiting")["status"]["phase"] == "Pending"
    assert not namespace.job("waiting").get("status", {}).get("failed")


def test_deadline_terminates_the_job_with_its_grace_period(namespace: Namespace, python: str) -> None:
    job(namespace, "working", python, terminationGracePeriodSeconds=30)
    until(lambda: bool(namespace.job("working").get("status", {}).get("failed")), "the end", namespace.describe)
    status = pod(namespace, "working")["status"]
    [state] = [each["state"]["terminated"] for each in status["containerStatuses"]]
    assert (status["reason"], state["exitCode"], state["message"]) == ("DeadlineExceeded", 0, "ended by itself")

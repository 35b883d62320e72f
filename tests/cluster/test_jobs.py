"""Plain Jobs, native sidecars, and connections from pods to this machine."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from bench.harness.namespace import Namespace, Object, container, pod_of, until
from local.cluster import Cluster

SIDECAR = """
import pathlib, signal, sys, time
work, name = pathlib.Path("/work"), sys.argv[1]
def note(what):
    with (work / "notes").open("a") as notes:
        notes.write(f"{name} {what}\\n")
def end(*_):
    note("stops")
    pathlib.Path("/dev/termination-log").write_text((work / "notes").read_text())
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
note("starts")
time.sleep(float(sys.argv[2]))
note("is ready")
(work / name).touch()
while True:
    signal.pause()
"""

MAIN = """
with open("/work/notes", "a") as notes:
    notes.write("main runs\\n")
"""


def test_job_runs_to_completion(namespace: Namespace, python: str) -> None:
    job = {"backoffLimit": 0, "template": {"spec": pod_of(container("main", python, "print(6 * 7)"))}}
    namespace.apply("batch/v1", "Job", "plain", spec=job)
    assert namespace.completed("plain")["status"]["succeeded"] == 1


def test_failed_job_is_reported(namespace: Namespace, python: str) -> None:
    job = {"backoffLimit": 0, "template": {"spec": pod_of(container("main", python, "raise SystemExit(3)"))}}
    namespace.apply("batch/v1", "Job", "failing", spec=job)
    until(lambda: bool(namespace.job("failing").get("status", {}).get("failed")), "the failure", namespace.describe)


def test_sidecars_start_in_order_and_stop_in_reverse(namespace: Namespace, python: str) -> None:
    mounts = {"volumeMounts": [{"name": "work", "mountPath": "/work"}]}

    def sidecar(name: str, seconds: str) -> Object:
        probe = {"exec": {"command": ["test", "-e", f"/work/{name}"]}, "periodSeconds": 1, "failureThreshold": 30}
        made = container(name, python, SIDECAR, restartPolicy="Always", startupProbe=probe, **mounts)
        made["command"] += [name, seconds]
        return made

    pod = pod_of(
        container("main", python, MAIN, **mounts),
        initContainers=[sidecar("adapter", "1.5"), sidecar("app", "0")],
        volumes=[{"name": "work", "emptyDir": {}}],
    )
    namespace.apply("batch/v1", "Job", "shape", spec={"backoffLimit": 0, "template": {"spec": pod}})
    namespace.completed("shape")

    def notes() -> str:
        [found] = namespace.pods("batch.kubernetes.io/job-name=shape")
        states = {each["name"]: each["state"] for each in found["status"]["initContainerStatuses"]}
        return str(states["adapter"].get("terminated", {}).get("message", ""))

    until(lambda: bool(notes()), "the last line of the last sidecar", namespace.describe)
    assert notes().splitlines() == [
        "adapter starts", "adapter is ready", "app starts", "app is ready", "main runs", "app stops", "adapter stops",
    ]  # fmt: skip


class FixedResponse(http.server.BaseHTTPRequestHandler):
    """Handler with one fixed response."""

    def do_GET(self) -> None:
        """Respond with 200 and a short string."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"from this machine")

    def log_message(self, *_: object) -> None:
        """Write no access log."""


@pytest.fixture
def server() -> Iterator[int]:
    """Serve on the loopback interface of this machine; yield the port."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), FixedResponse) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        yield made.server_port
        made.shutdown()
        thread.join()


def test_pods_use_loopback_services_through_a_forwarder(
    namespace: Namespace, python: str, cluster: Cluster, server: int
) -> None:
    with cluster.forward(server) as url:
        ask = f"import urllib.request as u; assert u.urlopen({url!r}, timeout=5).read() == b'from this machine'"
        job = {"backoffLimit": 0, "template": {"spec": pod_of(container("main", python, ask))}}
        namespace.apply("batch/v1", "Job", "asking", spec=job)
        namespace.completed("asking")


def test_pods_can_connect_to_the_api_server(namespace: Namespace, python: str) -> None:
    ask = (
        "import os, ssl, urllib.request as u; d = '/var/run/secrets/kubernetes.io/serviceaccount/';"
        "r = u.Request(f\"https://{os.environ['KUBERNETES_SERVICE_HOST']}/version\","
        " headers={'Authorization': 'Bearer ' + open(d + 'token').read()});"
        "u.urlopen(r, context=ssl.create_default_context(cafile=d + 'ca.crt'), timeout=5).read()"
    )
    job = {"backoffLimit": 0, "template": {"spec": pod_of(container("main", python, ask))}}
    namespace.apply("batch/v1", "Job", "asking", spec=job)
    namespace.completed("asking")

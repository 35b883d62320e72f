"""Create a queue in the AWS emulator and a ScaledJob that consumes it, and count the resulting Jobs."""

import configparser
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.harness.namespace import Namespace, container, holds, pod_of
from bench.harness.quota import QUEUE_LABEL, no_quota, quota
from bench.machinery import Machinery
from intermodal_offline.providers.kubernetes.api import Api
from intermodal_offline.providers.kubernetes.kubeconfig import Chosen, connection
from local.aws import deployer
from local.aws.settings import PROFILE, REGION
from local.processes import poll

POLL_SECONDS, MOST_JOBS, WORK_SECONDS = 2, 10, 5
KEPT_JOBS = 100
"""History limit for finished Jobs; if a count is close to this limit, some Jobs may be missing."""

QUIET_SECONDS = 12.0
"""Time without a new Job after which KEDA has stopped starting Jobs: six polling intervals."""

DEADLINE_SECONDS = 240.0

WORK = """
import boto3, os, time
sqs, url = boto3.client("sqs"), os.environ["QUEUE"]
for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, VisibilityTimeout=600).get("Messages", []):
    time.sleep(float(os.environ["SECONDS"]))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
"""


@dataclass(frozen=True, kw_only=True)
class QueueProbe:
    """A queue and the namespace of the Jobs that consume it; each Job receives one message."""

    namespace: Namespace
    sqs: Any
    url: str

    def send(self, count: int) -> None:
        """Send `count` messages in one call."""
        entries = [{"Id": str(at), "MessageBody": str(at)} for at in range(count)]
        self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def left(self) -> int:
        """Return the number of messages in the queue, visible or in flight."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible"))

    def wait_until_drained(self) -> None:
        """Wait until the queue is empty."""
        wait_until(lambda: self.left() == 0, "an empty queue")

    def jobs(self) -> int:
        """Wait until KEDA has stopped starting Jobs, and return how many there are."""
        count, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET_SECONDS:
            if (found := len(self.namespace.jobs())) != count:
                count, since = found, time.monotonic()
            time.sleep(0.5)
        return count


def _nothing(_on: QueueProbe) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Actions and settings for one measurement."""

    act: Callable[[QueueProbe], int]
    before: Callable[[QueueProbe], None] = _nothing
    """Called before KEDA starts to watch the queue."""
    seconds: int = WORK_SECONDS
    """Seconds of work per message."""
    pods: int | None = None
    """Pod quota in Kueue; None means no quota."""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Poll until the condition is true; raise TimeoutError after `DEADLINE_SECONDS`."""
    if not poll(condition, DEADLINE_SECONDS):
        raise TimeoutError(f"timed out after {DEADLINE_SECONDS:g} s waiting for {what}")


@contextmanager
def prepare_probe(on: Machinery, image: str, counting: Mapping[str, str], situation: Situation) -> Iterator[QueueProbe]:
    """Create a queue and a ScaledJob in a new namespace; yield a probe for them."""
    name = f"bench-{uuid.uuid4().hex[:8]}"
    namespace = Namespace(Api(connection(Chosen(kubeconfig=str(on.cluster.kubeconfig)))), name)
    sqs: Any = deployer.session(on.emulator).client("sqs", endpoint_url=on.emulator.endpoint)
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    made = QueueProbe(namespace=namespace, sqs=sqs, url=url)
    with ExitStack() as stack:
        stack.callback(sqs.delete_queue, QueueUrl=url)
        endpoint = stack.enter_context(on.cluster.forward(on.emulator.port))
        namespace.apply("v1", "Namespace", name)
        stack.callback(namespace.api.delete, namespace.path("v1", "Namespace", name), "Background")
        if situation.pods is not None:
            stack.callback(no_quota, namespace)
            quota(namespace, situation.pods)
        situation.before(made)
        settings = {**counting, "url": url, "endpoint": endpoint, "seconds": str(situation.seconds)}
        labels = {} if situation.pods is None else {QUEUE_LABEL: "queue"}
        _scaled_job(on, namespace, image, settings, labels)
        yield made


def _scaled_job(on: Machinery, namespace: Namespace, image: str, settings: Mapping[str, str], labels: Any) -> None:
    keys = configparser.ConfigParser()
    keys.read(on.emulator.folder / "credentials")
    namespace.apply("v1", "Secret", "aws", stringData={key.upper(): value for key, value in keys[PROFILE].items()})
    parameters = {"awsAccessKeyID": "AWS_ACCESS_KEY_ID", "awsSecretAccessKey": "AWS_SECRET_ACCESS_KEY"}
    references = [{"parameter": name, "name": "aws", "key": key} for name, key in parameters.items()]
    namespace.apply("keda.sh/v1alpha1", "TriggerAuthentication", "aws", spec={"secretTargetRef": references})
    environment = {"QUEUE": settings["url"], "SECONDS": settings["seconds"], "AWS_ENDPOINT_URL": settings["endpoint"]}
    environment["AWS_DEFAULT_REGION"] = REGION
    main = container(
        "main", image, WORK,
        env=[{"name": name, "value": value} for name, value in environment.items()],
        envFrom=[{"secretRef": {"name": "aws"}}],
    )  # fmt: skip
    trigger = {
        "queueURL": settings["url"], "queueLength": "1", "awsRegion": REGION, "awsEndpoint": settings["endpoint"],
        "scaleOnInFlight": settings["scaleOnInFlight"],
    }  # fmt: skip
    spec = {
        "pollingInterval": POLL_SECONDS,
        "maxReplicaCount": MOST_JOBS,
        "successfulJobsHistoryLimit": KEPT_JOBS,
        "failedJobsHistoryLimit": KEPT_JOBS,
        "scalingStrategy": {"strategy": settings["strategy"]},
        "jobTargetRef": {"backoffLimit": 0, "template": {"spec": pod_of(main)}},
        "triggers": [{"type": "aws-sqs-queue", "authenticationRef": {"name": "aws"}, "metadata": trigger}],
    }
    namespace.apply("keda.sh/v1alpha1", "ScaledJob", "work", spec=spec, labels=labels)
    path = namespace.path("keda.sh/v1alpha1", "ScaledJob", "work")
    wait_until(lambda: holds(namespace.api.get(path) or {}, "Ready"), "KEDA to accept the ScaledJob")

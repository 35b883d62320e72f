"""How many Jobs KEDA starts for a number of messages, by the two ways of counting that agree with themselves.

`default` subtracts running Jobs from the messages, so the trigger has to count what they hold; `accurate` subtracts
only pending ones, so it has to count what is visible (KEDA documentation, "Scaling Jobs"). Each is put in four
situations, and every Job takes one message, so there is a right number. Decision 10 stands on the figures.
"""

import configparser
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure
from bench.machinery import Machinery, machinery
from local.aws import deployer
from local.aws.settings import PROFILE, REGION
from local.docker import images
from local.processes import poll
from local.providers.kubernetes.api import Api
from local.providers.kubernetes.kubeconfig import Chosen, connection
from tests.cluster.conftest import Place, container, holds, pod_of

PAIRS: Mapping[str, Mapping[str, str]] = {
    "default, in flight": {"strategy": "default", "scaleOnInFlight": "true"},
    "accurate, visible": {"strategy": "accurate", "scaleOnInFlight": "false"},
}
POLL_SECONDS, MOST_JOBS = 2, 10
KEPT_JOBS = 100
"""Of each kind; a count that ends about here would have gone on."""

WORK_SECONDS, LONG_SECONDS, LATER_SECONDS = 5, 30, 15
QUIET_SECONDS = 12.0
"""Without a new Job for so long KEDA starts none any more: six polls."""

DEADLINE_SECONDS = 240.0
QUEUE_LABEL, KUEUE_VERSION = "kueue.x-k8s.io/queue-name", "kueue.x-k8s.io/v1beta2"
IMAGE = "examples/thumbnails"

WORK = """
import boto3, os, time
sqs, url = boto3.client("sqs"), os.environ["QUEUE"]
for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, VisibilityTimeout=600).get("Messages", []):
    time.sleep(float(os.environ["SECONDS"]))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
"""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A queue that KEDA watches, and the namespace of its Jobs."""

    place: Place
    sqs: Any
    url: str

    def send(self, count: int) -> None:
        """So many messages, in one call."""
        entries = [{"Id": str(at), "MessageBody": str(at)} for at in range(count)]
        self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def left(self) -> int:
        """Messages that are there, visible or not."""
        found = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["All"])["Attributes"]
        return sum(int(found[f"ApproximateNumberOfMessages{kind}"]) for kind in ("", "NotVisible"))

    def jobs(self) -> int:
        """How many were started, once no more are, and what is left in the queue is as it was."""
        count, since = -1, time.monotonic()
        while time.monotonic() - since < QUIET_SECONDS:
            if (found := len(self.place.jobs())) != count:
                count, since = found, time.monotonic()
            time.sleep(0.5)
        return count


def _six(on: Watched) -> int:
    """Six messages, short work."""
    on.send(6)
    _drained(on)
    return on.jobs() - 6


def _long(on: Watched) -> int:
    """Four messages of long work, and three more while all four are at work."""
    on.send(4)
    _soon(lambda: len(on.place.jobs()) >= 4, "four Jobs")
    time.sleep(LATER_SECONDS)
    on.send(3)
    _soon(lambda: len(on.place.jobs()) >= 7, "three Jobs more, while the others still work")
    _drained(on)
    return on.jobs() - 7


def _hold_four(on: Watched) -> None:
    """Four messages that somebody else holds, as Lambda does while a lane moves."""
    on.send(4)
    held = 0
    while held < 4:
        answer = on.sqs.receive_message(QueueUrl=on.url, MaxNumberOfMessages=10, VisibilityTimeout=600)
        held += len(answer.get("Messages", []))


def _nothing(_on: Watched) -> None:
    """Before KEDA watches."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What happens, and the Jobs too many that come of it."""

    act: Callable[[Watched], int]
    before: Callable[[Watched], None] = _nothing
    """Before KEDA watches the queue."""
    seconds: int = WORK_SECONDS
    """Work of each message."""
    pods: int | None = None
    """Kueue's quota."""


SITUATIONS: Mapping[str, Situation] = {
    "short work": Situation(act=_six),
    "more messages under long work": Situation(act=_long, seconds=LONG_SECONDS),
    "room for 2 pods of 6": Situation(act=_six, pods=2),
    "messages held elsewhere": Situation(act=Watched.jobs, before=_hold_four),
}


def measure() -> Sequence[Figure]:
    """Jobs beyond one for each message."""
    figures = []
    with machinery() as on, closing(on.docker.client()) as docker:
        (image,) = images.ensure(docker, [IMAGE])
        on.cluster.load_image(image)
        for word, situation in SITUATIONS.items():
            for pair, counting in PAIRS.items():
                with _watched(on, image, counting, situation) as watched:
                    figures.append(Figure(name=f"{word}; {pair}: Jobs too many", value=situation.act(watched)))
    return figures


@contextmanager
def _watched(on: Machinery, image: str, counting: Mapping[str, str], situation: Situation) -> Iterator[Watched]:
    name = f"bench-{uuid.uuid4().hex[:8]}"
    place = Place(Api(connection(Chosen(kubeconfig=str(on.cluster.kubeconfig)))), name)
    sqs: Any = deployer.session(on.emulator).client("sqs", endpoint_url=on.emulator.endpoint)
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    watched = Watched(place=place, sqs=sqs, url=url)
    with ExitStack() as stack:
        endpoint = stack.enter_context(on.cluster.door(on.emulator.port))
        place.apply("v1", "Namespace", name)
        stack.callback(place.api.delete, place.path("v1", "Namespace", name), "Background")
        if situation.pods is not None:
            _quota(place, situation.pods)
            for kind in ("ResourceFlavor", "ClusterQueue"):
                stack.callback(place.api.delete, place.path(KUEUE_VERSION, kind, name), "Background")
        situation.before(watched)
        settings = {**counting, "url": url, "endpoint": endpoint, "seconds": str(situation.seconds)}
        labels = {} if situation.pods is None else {QUEUE_LABEL: "queue"}
        _scaled_job(on, place, image, settings, labels)
        yield watched
        sqs.delete_queue(QueueUrl=url)


def _quota(place: Place, pods: int) -> None:
    name = place.namespace
    quotas = {"cpu": 8, "memory": "8Gi", "pods": pods}
    resources = [{"name": resource, "nominalQuota": quota} for resource, quota in quotas.items()]
    groups = [{"coveredResources": list(quotas), "flavors": [{"name": name, "resources": resources}]}]
    place.apply(KUEUE_VERSION, "ResourceFlavor", name)
    place.apply(KUEUE_VERSION, "ClusterQueue", name, spec={"namespaceSelector": {}, "resourceGroups": groups})
    place.apply(KUEUE_VERSION, "LocalQueue", "queue", spec={"clusterQueue": name})


def _scaled_job(on: Machinery, place: Place, image: str, settings: Mapping[str, str], labels: Any) -> None:
    keys = configparser.ConfigParser()
    keys.read(on.emulator.folder / "credentials")
    place.apply("v1", "Secret", "aws", stringData={key.upper(): value for key, value in keys[PROFILE].items()})
    parameters = {"awsAccessKeyID": "AWS_ACCESS_KEY_ID", "awsSecretAccessKey": "AWS_SECRET_ACCESS_KEY"}
    references = [{"parameter": name, "name": "aws", "key": key} for name, key in parameters.items()]
    place.apply("keda.sh/v1alpha1", "TriggerAuthentication", "aws", spec={"secretTargetRef": references})
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
    place.apply("keda.sh/v1alpha1", "ScaledJob", "work", spec=spec, labels=labels)
    path = place.path("keda.sh/v1alpha1", "ScaledJob", "work")
    _soon(lambda: holds(place.api.get(path) or {}, "Ready"), "KEDA to accept the ScaledJob")


def _drained(on: Watched) -> None:
    _soon(lambda: on.left() == 0, "an empty queue")


def _soon(condition: Callable[[], bool], what: str) -> None:
    if not poll(condition, DEADLINE_SECONDS):
        raise TimeoutError(f"waited {DEADLINE_SECONDS:g} s for {what}")

"""Real KEDA: a ScaledJob on a queue of the embedded AWS starts the Jobs that drain it."""

import configparser
from typing import Any

import boto3
import pytest

from local.aws.settings import PROFILE, REGION, Emulator
from local.cluster import Cluster
from tests.cluster.conftest import Place, container, holds, pod_of, until

MESSAGES = 4

DRAIN = """
import boto3, os
sqs = boto3.client("sqs")
for message in sqs.receive_message(QueueUrl=os.environ["QUEUE"], WaitTimeSeconds=2).get("Messages", []):
    sqs.delete_message(QueueUrl=os.environ["QUEUE"], ReceiptHandle=message["ReceiptHandle"])
"""


@pytest.fixture
def keys(emulator: Emulator) -> dict[str, str]:
    """The deployer's, as environment variables."""
    parser = configparser.ConfigParser()
    parser.read(emulator.folder / "credentials")
    return {name.upper(): value for name, value in parser[PROFILE].items()}


@pytest.fixture
def sqs(emulator: Emulator, keys: dict[str, str]) -> Any:
    """A client of the embedded AWS."""
    return boto3.client(
        "sqs", endpoint_url=emulator.endpoint, region_name=REGION,
        aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip


@pytest.fixture
def image(cluster: Cluster, images_of_examples: dict[str, str]) -> str:
    """One that has boto3."""
    reference = images_of_examples["examples/thumbnails"]
    cluster.load_image(reference)
    return reference


def test_a_scaled_job_drains_a_queue(
    place: Place, cluster: Cluster, emulator: Emulator, keys: dict[str, str], sqs: Any, image: str
) -> None:
    url = sqs.create_queue(QueueName=place.namespace, Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    with cluster.door(emulator.port) as endpoint:
        watch(place, url, endpoint, keys, image)
        for number in range(MESSAGES):
            sqs.send_message(QueueUrl=url, MessageBody=f"message {number}")
        until(lambda: len(place.jobs()) >= MESSAGES, "a Job for each message", place.describe)
        until(lambda: left(sqs, url) == 0, "the queue to be empty", place.describe)
        until(lambda: all(holds(job, "Complete") for job in place.jobs()), "the ends of the Jobs", place.describe)
    sqs.delete_queue(QueueUrl=url)


def left(sqs: Any, url: str) -> int:
    """Messages that are there, or in somebody's hands."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    said = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(said[name]) for name in names)


def watch(place: Place, url: str, endpoint: str, keys: dict[str, str], image: str) -> None:
    """Make the ScaledJob and wait until KEDA watches the queue."""
    place.apply("v1", "Secret", "aws", stringData=keys)
    parameters = {"awsAccessKeyID": "AWS_ACCESS_KEY_ID", "awsSecretAccessKey": "AWS_SECRET_ACCESS_KEY"}
    references = [{"parameter": name, "name": "aws", "key": key} for name, key in parameters.items()]
    place.apply("keda.sh/v1alpha1", "TriggerAuthentication", "aws", spec={"secretTargetRef": references})
    environment = {"QUEUE": url, "AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": REGION}
    main = container(
        "main", image, DRAIN, terminationMessagePolicy="FallbackToLogsOnError",
        env=[{"name": name, "value": value} for name, value in environment.items()],
        envFrom=[{"secretRef": {"name": "aws"}}],
    )  # fmt: skip
    trigger = {
        "queueURL": url, "queueLength": "1", "awsRegion": REGION, "awsEndpoint": endpoint, "scaleOnInFlight": "false",
    }  # fmt: skip
    spec = {
        "pollingInterval": 1,
        "maxReplicaCount": 10,
        "successfulJobsHistoryLimit": 50,
        "scalingStrategy": {"strategy": "accurate"},
        "jobTargetRef": {"backoffLimit": 0, "template": {"spec": pod_of(main)}},
        "triggers": [{"type": "aws-sqs-queue", "authenticationRef": {"name": "aws"}, "metadata": trigger}],
    }
    path = place.path("keda.sh/v1alpha1", "ScaledJob", "drain")
    place.apply("keda.sh/v1alpha1", "ScaledJob", "drain", spec=spec)
    until(lambda: holds(place.api.get(path) or {}, "Ready"), "KEDA to accept it", lambda: str(place.api.get(path)))

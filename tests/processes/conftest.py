"""Provide SQS, an ECS agent and a task for tests with whole processes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.sqs import Sqs, serving_sqs
from tests.processes.task import Task
from tests.runtime.consumer.agent import Agent, serving_agent


@pytest.fixture(scope="session")
def sqs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sqs]:
    """Run one ministack process for this worker; each test has its own queue."""
    with serving_sqs(tmp_path_factory.mktemp("sqs")) as made:
        yield made


@pytest.fixture
def agent() -> Iterator[Agent]:
    """Run an ECS agent."""
    with serving_agent() as made:
        yield made


@pytest.fixture
def task(sqs: Sqs, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Task]:
    """Return a task with its own queue, and a dead-letter queue after three receives; kill its processes at the end."""
    name = request.node.name[-60:].replace("[", "-").replace("]", "")
    _, dead = sqs.queue(f"{name}-dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": "3"})
    made = Task(sqs, sqs.queue(name, VisibilityTimeout="120", RedrivePolicy=redrive), tmp_path)
    yield made
    made.close()

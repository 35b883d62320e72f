"""The adapter delivers messages as a process, with a real runtime client, real queues and messages that fail."""

import json

from local.processes import poll
from tests.processes.task import Task


def test_messages_are_handled_and_a_job_exits_with_zero(task: Task) -> None:
    """The simplest case: fifteen messages, batches of ten, an empty queue, exit 0; the app is shut down."""
    task.send(*(f"event {n}" for n in range(15)))
    adapter = task.adapter("--empty-polls", "1", "--poll-seconds", "1")
    app = task.app()
    assert adapter.wait(30) == 0
    assert app.wait(10) == 1  # the exit code that Python's client has on shutdown
    assert sorted(task.list_handled()) == sorted(f"event {n}" for n in range(15))
    assert task.sqs.counts(task.url) == (0, 0)


def test_gate_makes_a_folder_writable_for_the_app(task: Task) -> None:
    """F10: a task's empty volume belongs to root."""
    shared = task.folder / "shared"
    shared.mkdir(mode=0o755)
    task.adapter()
    assert task.role("gate", str(shared), "20").wait(25) == 0
    assert shared.stat().st_mode & 0o7777 == 0o1777
    missing = task.folder / "none"
    assert task.role("gate", str(missing), "20").wait(25) == 1
    reason = f"cannot make {missing} writable for the app: No such file or directory"
    assert reason in (task.folder / "gate.log").read_text()


def test_killed_adapters_messages_return_after_the_lease(task: Task) -> None:
    """C3: with a short lease the message returns within seconds, and a new adapter handles it."""
    task.send("slow 1")
    adapter = task.adapter("--lease-seconds", "3")
    app = task.app()
    assert poll(lambda: task.list_handled() == ["slow 1"], 20)
    adapter.kill()
    app.kill()
    adapter.wait(5)
    assert task.sqs.counts(task.url) == (0, 1)
    again = task.adapter("--lease-seconds", "3", "--empty-polls", "3", "--poll-seconds", "2")
    task.app()
    assert again.wait(30) == 0
    assert task.list_handled() == ["slow 1", "slow 1"]
    assert task.sqs.counts(task.url) == (0, 0)


def test_killed_apps_batch_is_handled_by_the_next_one(task: Task) -> None:
    """C14: the app gets SIGKILL in the middle of an event; the adapter keeps running."""
    task.send("slow 3")
    task.adapter("--retry-seconds", "1")
    app = task.app()
    assert poll(lambda: task.list_handled() == ["slow 3"], 20)
    app.kill()
    task.app()
    assert poll(lambda: task.list_handled() == ["slow 3"] * 2 and task.sqs.counts(task.url) == (0, 0), 30)
    assert "Runtime.ExitError" in (task.folder / "adapter.log").read_text()


def test_failing_message_becomes_a_dead_letter(task: Task) -> None:
    """The message moves to the dead-letter queue after three receives; healthy messages beside it are handled once."""
    task.send("good", "poison", "fine")
    adapter = task.adapter("--retry-seconds", "1", "--empty-polls", "4", "--poll-seconds", "2")
    task.app()
    assert adapter.wait(60) == 0
    assert sorted(task.list_handled()) == ["fine", "good"]
    (dead,) = task.sqs.client.receive_message(QueueUrl=task.url + "-dead", MaxNumberOfMessages=10)["Messages"]
    assert dead["Body"] == "poison"
    reasons = [
        line["failed"][dead["MessageId"]] for line in task.lines() if dead["MessageId"] in line.get("failed", {})
    ]
    assert reasons == ["Function.BatchItemFailure: listed in batchItemFailures"] * 3


def test_exhausted_message_becomes_a_dead_letter_at_once(task: Task) -> None:
    """F7: with one-minute pauses, the same consumer dead-letters the message after its last receive."""
    queue = task.sqs.client
    redrive = json.loads(
        queue.get_queue_attributes(QueueUrl=task.url, AttributeNames=["All"])["Attributes"]["RedrivePolicy"]
    )
    queue.set_queue_attributes(
        QueueUrl=task.url, Attributes={"RedrivePolicy": json.dumps({**redrive, "maxReceiveCount": "1"})}
    )
    task.send("poison")
    task.adapter("--retry-seconds", "60", "--poll-seconds", "1")
    task.app()
    assert poll(lambda: task.sqs.counts(task.url + "-dead") == (1, 0), 30)


def test_image_without_a_runtime_client_fails_with_advice(task: Task) -> None:
    """Bad input: no process ever calls `/next`."""
    task.send("waits")
    adapter = task.adapter("--start-seconds", "1")
    assert adapter.wait(15) == 1
    assert "Check that the image starts a runtime client" in task.notes()
    assert task.sqs.counts(task.url) == (1, 0)


def test_deleted_queue_stops_the_adapter_with_a_log_line(task: Task) -> None:
    """Bad input: the queue is deleted while the adapter runs."""
    adapter = task.adapter("--poll-seconds", "1")
    task.app()
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    task.sqs.client.delete_queue(QueueUrl=task.url)
    assert adapter.wait(20) == 3
    assert "the queue does not exist" in task.notes()

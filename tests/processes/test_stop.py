"""The adapter as a process that is stopped: drain, protection, the end of the app."""

import signal

import pytest

from local.processes import poll
from tests.processes.task import Task
from tests.runtime.consumer.agent import Agent


def test_sigterm_leaves_nothing_in_flight(task: Task) -> None:
    """C1 with a real signal, while a handler works."""
    task.send("slow 1.5")
    adapter = task.adapter("--grace-seconds", "20")
    task.app()
    assert poll(lambda: task.handled() == ["slow 1.5"], 20)  # written first, then it sleeps
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(25) == 0
    assert task.sqs.counts(task.url) == (0, 0)


def test_in_a_task_its_work_is_protected(task: Task, agent: Agent) -> None:
    """C4 with the whole process: on before the work, off when the adapter ends."""
    task.send("work")
    adapter = task.adapter("--empty-polls", "1", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    task.app()
    assert adapter.wait(30) == 0
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False]


def test_sigterm_in_a_long_poll_takes_nothing_along(task: Task) -> None:
    """C1: what arrives while the last receive is parked is released, not hidden."""
    adapter = task.adapter("--poll-seconds", "4")
    task.app()
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    task.send("late")
    assert adapter.wait(15) == 0
    assert poll(lambda: task.sqs.counts(task.url) == (1, 0), 5)
    assert task.handled() == []


def test_a_waiter_ends_with_the_adapters_verdict(task: Task) -> None:
    """C10: in a pod only its exit code counts; the adapter keeps the verdict until it is stopped."""
    waiter = task.role("waiter")  # starts before the adapter here, and looks again
    adapter = task.adapter("--start-seconds", "1", "--wait-for-stop")
    assert waiter.wait(20) == 1
    assert adapter.poll() is None
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 1


def test_sigterm_at_the_waiter_drains_the_adapter(task: Task) -> None:
    """C9: Kubernetes stops the main process first, so it has to tell the adapter."""
    task.send("slow 1.5")
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "20")
    waiter = task.role("waiter")
    app = task.app()
    assert poll(lambda: task.handled() == ["slow 1.5"], 20)
    waiter.send_signal(signal.SIGTERM)
    assert waiter.wait(25) == 0
    assert task.sqs.counts(task.url) == (0, 0)
    app.terminate()
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 0


@pytest.mark.parametrize("busy", [False, True])
def test_a_stopped_task_leaves_no_crash_lines(task: Task, agent: Agent, *, busy: bool) -> None:
    """F8: ECS stops adapter and waiter, and the app once the waiter has ended; its parked call stays open."""
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "20", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    app = task.app()
    waiter = task.role("waiter", "5")
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    if busy:
        task.send("slow 1.5")
        assert poll(lambda: task.handled() == ["slow 1.5"], 20)
    adapter.send_signal(signal.SIGTERM)
    waiter.send_signal(signal.SIGTERM)
    assert waiter.wait(25) == 0
    assert task.sqs.counts(task.url) == (0, 0)
    assert (adapter.poll(), app.poll()) == (None, None)
    app.terminate()
    assert adapter.wait(10) == 0
    assert app.wait(5) == -signal.SIGTERM
    assert not {"ERROR", "Traceback", "500"} & set(
        (task.folder / "app.log").read_text().replace("[ERROR]", "ERROR").split()
    )
    assert [line for line in task.lines() if line.get("level") not in {None, "INFO"}] == []


def test_an_app_that_stays_is_ended_by_the_adapter(task: Task) -> None:
    """F8: where no SIGTERM comes, or it is ignored."""
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "8", "--poll-seconds", "1")
    app = task.app()
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(15) == 0
    assert app.wait(5) == 1

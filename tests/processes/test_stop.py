"""The adapter stops correctly as a process: it drains, releases protection and stops the app."""

import signal

import pytest

from local.processes import poll
from tests.processes.task import Task
from tests.runtime.consumer.agent import Agent


def test_sigterm_leaves_nothing_in_flight(task: Task) -> None:
    """C1 with a real signal, while a handler runs."""
    task.send("slow 1.5")
    adapter = task.adapter("--grace-seconds", "20")
    task.app()
    assert poll(lambda: task.list_handled() == ["slow 1.5"], 20)  # the handler writes first, then it sleeps
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(25) == 0
    assert task.sqs.counts(task.url) == (0, 0)


def test_work_in_a_task_is_protected(task: Task, agent: Agent) -> None:
    """C4 with the whole process: protection is on before the work and off when the adapter exits."""
    task.send("work")
    adapter = task.adapter("--empty-polls", "1", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    task.app()
    assert adapter.wait(30) == 0
    assert [body["ProtectionEnabled"] for body in agent.bodies] == [True, False]


def test_sigterm_in_a_long_poll_leaves_nothing_in_flight(task: Task) -> None:
    """C1: messages that arrive during the last long poll are released, not left hidden."""
    adapter = task.adapter("--poll-seconds", "4")
    task.app()
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    task.send("late")
    assert adapter.wait(15) == 0
    assert poll(lambda: task.sqs.counts(task.url) == (1, 0), 5)
    assert task.list_handled() == []


def test_waiter_exits_with_the_adapters_status(task: Task) -> None:
    """C10: in a pod only the waiter's exit code counts; the adapter keeps its status until it is stopped."""
    waiter = task.role("waiter")  # here it starts before the adapter, and retries
    adapter = task.adapter("--start-seconds", "1", "--wait-for-stop")
    assert waiter.wait(20) == 1
    assert adapter.poll() is None
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 1


def test_sigterm_at_the_waiter_drains_the_adapter(task: Task) -> None:
    """C9: Kubernetes stops the main process first, so the waiter must notify the adapter."""
    task.send("slow 1.5")
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "20")
    waiter = task.role("waiter")
    app = task.app()
    assert poll(lambda: task.list_handled() == ["slow 1.5"], 20)
    waiter.send_signal(signal.SIGTERM)
    assert waiter.wait(25) == 0
    assert task.sqs.counts(task.url) == (0, 0)
    app.terminate()
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(10) == 0


@pytest.mark.parametrize("busy", [False, True])
def test_a_stopped_task_leaves_no_crash_lines(task: Task, agent: Agent, *, busy: bool) -> None:
    """F8: ECS stops adapter and waiter, and the app after the waiter; its pending call stays open."""
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "20", "--poll-seconds", "1", ECS_AGENT_URI=agent.uri)
    app = task.app()
    waiter = task.role("waiter", "5")
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    if busy:
        task.send("slow 1.5")
        assert poll(lambda: task.list_handled() == ["slow 1.5"], 20)
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


def test_lingering_app_is_stopped_by_the_adapter(task: Task) -> None:
    """F8: this is for an app that gets no SIGTERM, or ignores it."""
    adapter = task.adapter("--wait-for-stop", "--grace-seconds", "8", "--poll-seconds", "1")
    app = task.app()
    assert poll(lambda: "the app is ready" in task.notes(), 20)
    adapter.send_signal(signal.SIGTERM)
    assert adapter.wait(15) == 0
    assert app.wait(5) == 1

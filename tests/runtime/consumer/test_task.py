"""An app's exit is read from its task's metadata."""

import pytest

from intermodal_runtime.task import parse_exit


@pytest.mark.parametrize(
    ("code", "text"),
    [(3, "exit status 3"), (137, "signal: killed"), (134, "signal: 6"), (255, "exit status 255")],
)
def test_exit_message_for_each_exit_code(code: int, text: str) -> None:
    """255 is runc's exit code for a program for another architecture; it does not mean a signal."""
    task = {"Containers": [{"Name": "app", "KnownStatus": "STOPPED", "ExitCode": code}]}
    assert parse_exit(task, "app") == ("Runtime.ExitError", f"Runtime exited with error: {text}")


def test_running_container_has_no_exit() -> None:
    assert parse_exit({"Containers": [{"Name": "app", "KnownStatus": "RUNNING"}]}, "app") is None
    assert parse_exit({"Containers": None}, "app") is None  # before the agent lists any containers

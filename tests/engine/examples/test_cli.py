"""The CLI works with a function that the real engine deployed: send, logs, follow."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from queue import Empty, Queue
from typing import IO

import pytest

from bench.harness.project import Project
from local import processes
from local.docker import daemon
from local.engine.workspace import Workspace
from tests.engine.examples.conftest import EXAMPLES, deploying_projects

SECONDS = 60.0
COMMAND = [sys.executable, "-m", "intermodal"]
Intermodal = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def hello(workspace: Workspace, docker: daemon.Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Deploy the example once for all tests in this file; none of them changes it."""
    project = Project.copy(workspace, EXAMPLES / "hello", tmp_path_factory.mktemp("cli") / "hello")
    project.configure({})
    with deploying_projects(docker) as deploy_project:
        deploy_project(project)
        yield project


@pytest.fixture
def intermodal(hello: Project) -> Intermodal:
    """Run the command in the project's folder, with the engine's environment."""

    def run(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=hello.folder, env=hello.workspace.environment(), input=given, capture_output=True, text=True,
            check=False, timeout=SECONDS,
        )  # fmt: skip

    return run


@pytest.fixture
def followed_lines(hello: Project) -> Iterator[tuple[subprocess.Popen[str], Queue[str]]]:
    """Run `intermodal logs hello -f`; yield the lines that it prints."""
    environment = {**hello.workspace.environment(), "PYTHONUNBUFFERED": "1"}
    lines: Queue[str] = Queue()
    with subprocess.Popen(
        ["env", "--default-signal=INT", *COMMAND, "logs", "hello", "-f"],  # a test run in the background ignores SIGINT
        cwd=hello.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        reader = threading.Thread(target=_read, args=[process.stdout, lines])
        reader.start()
        yield process, lines
        process.kill()
        reader.join()


def _read(stream: IO[str], lines: Queue[str]) -> None:
    for line in stream:
        lines.put(line)


def send(intermodal: Intermodal, name: str) -> None:
    """Send a message with this name from standard input."""
    done = intermodal("send", "hello", "-", given=f'{{"name": "{name}"}}')
    assert (done.returncode, done.stderr) == (0, "")


def read_until(lines: Queue[str], text: str) -> list[str]:
    """Return all lines up to the one that contains this string."""
    found: list[str] = []

    def there() -> bool:
        try:
            found.append(lines.get(timeout=1))
        except Empty:
            return False
        return text in found[-1]

    assert processes.poll(there, SECONDS), found
    return found


def test_sent_event_appears_in_the_logs(hello: Project, intermodal: Intermodal) -> None:
    (hello.folder / "ada.json").write_text('{"name": "Ada"}')
    done = intermodal("send", "hello", "ada.json")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip()) == 36

    def is_greeted() -> bool:
        done = intermodal("logs", "hello", "--since", "5m")
        assert done.returncode == 0, done.stderr
        return any(line.endswith(" Hello Ada!") for line in done.stdout.splitlines())

    assert processes.poll(is_greeted, SECONDS)


def test_follow_shows_each_new_line_once(
    intermodal: Intermodal, followed_lines: tuple[subprocess.Popen[str], Queue[str]]
) -> None:
    process, lines = followed_lines
    send(intermodal, "Lin")
    found = read_until(lines, "Hello Lin!")
    send(intermodal, "Grace")
    found += read_until(lines, "Hello Grace!")
    for name in ("Lin", "Grace"):  # names that no other test sends
        assert len([line for line in found if f"Hello {name}!" in line]) == 1
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert process.stderr
    assert process.stderr.read() == ""


def test_missing_function_is_reported(intermodal: Intermodal) -> None:
    done = intermodal("send", "helo", "-", given="{}")
    sentence = 'error: "helo" is not a function in stack dev, which has hello; did you mean "hello"?\n'
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    done = intermodal("logs", "hello", "--stack", "prod")
    error = "error: no stack named 'prod' found; `pulumi stack ls` lists the existing stacks.\n"
    assert (done.returncode, done.stderr) == (1, error)


def test_command_works_in_a_subfolder(hello: Project, intermodal: Intermodal) -> None:
    folder = hello.folder / "function"
    done = intermodal("logs", "hello", "--cwd", str(folder))
    assert done.returncode == 0, done.stderr

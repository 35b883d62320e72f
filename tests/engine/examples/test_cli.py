"""The command against a function that the real engine deployed: send, logs, follow."""

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
from tests.engine.examples.conftest import EXAMPLES, standing

SECONDS = 60.0
COMMAND = [sys.executable, "-m", "intermodal"]
Intermodal = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def hello(workspace: Workspace, docker: daemon.Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The example, deployed once for all tests here: none of them changes it."""
    project = Project.copy(workspace, EXAMPLES / "hello", tmp_path_factory.mktemp("cli") / "hello")
    project.configure({})
    with standing(docker) as stand_up:
        stand_up(project)
        yield project


@pytest.fixture
def intermodal(hello: Project) -> Intermodal:
    """Run the command in the project's folder, with the environment of its engine."""

    def run(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=hello.folder, env=hello.workspace.environment(), input=given, capture_output=True, text=True,
            check=False, timeout=SECONDS,
        )  # fmt: skip

    return run


@pytest.fixture
def followed(hello: Project) -> Iterator[tuple[subprocess.Popen[str], Queue[str]]]:
    """`intermodal logs hello -f`, and the lines it prints."""
    environment = {**hello.workspace.environment(), "PYTHONUNBUFFERED": "1"}
    lines: Queue[str] = Queue()
    with subprocess.Popen(
        ["env", "--default-signal=INT", *COMMAND, "logs", "hello", "-f"],  # a test run in the background ignores it
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


def sent(intermodal: Intermodal, name: str) -> None:
    """A message for this name, from the standard input."""
    done = intermodal("send", "hello", "-", given=f'{{"name": "{name}"}}')
    assert (done.returncode, done.stderr) == (0, "")


def line_with(lines: Queue[str], text: str) -> list[str]:
    """All lines up to the one with this text."""
    found: list[str] = []

    def there() -> bool:
        try:
            found.append(lines.get(timeout=1))
        except Empty:
            return False
        return text in found[-1]

    assert processes.poll(there, SECONDS), found
    return found


def test_what_is_sent_is_seen_in_the_logs(hello: Project, intermodal: Intermodal) -> None:
    (hello.folder / "ada.json").write_text('{"name": "Ada"}')
    done = intermodal("send", "hello", "ada.json")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip()) == 36

    def greeted() -> bool:
        said = intermodal("logs", "hello", "--since", "5m")
        assert said.returncode == 0, said.stderr
        return any(line.endswith(" Hello Ada!") for line in said.stdout.splitlines())

    assert processes.poll(greeted, SECONDS)


def test_follow_shows_each_new_line_once(
    intermodal: Intermodal, followed: tuple[subprocess.Popen[str], Queue[str]]
) -> None:
    process, lines = followed
    sent(intermodal, "Lin")
    found = line_with(lines, "Hello Lin!")
    sent(intermodal, "Grace")
    found += line_with(lines, "Hello Grace!")
    for name in ("Lin", "Grace"):  # no other test sends these
        assert len([line for line in found if f"Hello {name}!" in line]) == 1
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(SECONDS) == 0
    assert process.stderr
    assert process.stderr.read() == ""


def test_a_function_that_is_not_there(intermodal: Intermodal) -> None:
    done = intermodal("send", "helo", "-", given="{}")
    sentence = 'error: "helo" is not a function of stack dev; it has hello; did you mean "hello"?\n'
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    done = intermodal("logs", "hello", "--stack", "prod")
    said = "error: no stack named 'prod' found; `pulumi stack ls` lists the existing stacks.\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_folder_above_will_do(hello: Project, intermodal: Intermodal) -> None:
    folder = hello.folder / "function"
    done = intermodal("logs", "hello", "--cwd", str(folder))
    assert done.returncode == 0, done.stderr

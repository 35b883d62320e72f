"""Provide fakes for what the CLI calls: a `pulumi` on PATH and an AWS endpoint, both scripted by the test."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from intermodal.cli import main

ACCOUNT = "000000000000"
PULUMI = """\
#!{python}
import json, pathlib, sys
words = " ".join(word for word in sys.argv[1:] if not word.startswith("--"))
for command, (code, out, err) in json.loads(pathlib.Path(__file__).with_name("answers.json").read_text()).items():
    if words.startswith(command):
        print(out)
        print(err, file=sys.stderr)
        sys.exit(code)
sys.exit(f"error: nobody told me what to say of {{words}}")
"""
STACKS = [{"name": "dev", "current": True}, {"name": "prod", "current": False}]


def function(name: str, *, fifo: bool = False, camel: bool = False, **outputs: Any) -> dict[str, Any]:
    """Return a function as it appears in a stack's state."""
    queue = f"{name}-main-inbox{'.fifo' if fifo else ''}"
    keys = ("inboxUrl", "inboxArn", "logGroupName") if camel else ("inbox_url", "inbox_arn", "log_group_name")
    values = (
        f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/{queue}",
        f"arn:aws:sqs:eu-central-1:{ACCOUNT}:{queue}",
        f"{name}-logs",
    )
    kind = "intermodal:index:ContainerFunction"
    return {
        "type": kind,
        "urn": f"urn:pulumi:dev::shop::{kind}::{name}",
        "outputs": dict(zip(keys, values, strict=True)) | outputs,
    }


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A fake `pulumi` with a scripted response to each command."""

    folder: Path
    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def respond(self, command: str, out: Any = "", *, error: str = "") -> None:
        """Set the response to a command."""
        self.answers[command] = (int(bool(error)), out if isinstance(out, str) else json.dumps(out), error)
        (self.folder / "answers.json").write_text(json.dumps(self.answers))

    def set_state(self, *resources: dict[str, Any]) -> None:
        """Set the state of every stack."""
        self.respond("stack export", {"version": 3, "deployment": {"resources": resources}})


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Install a `pulumi` in a project whose selected stack `dev` has the functions `hello` and `resize`."""
    tools, project = tmp_path / "tools", tmp_path / "project"
    tools.mkdir()
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tools / "pulumi").write_text(PULUMI.format(python=sys.executable))
    (tools / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.chdir(project)
    made = Engine(folder=tools)
    made.respond("version", "v3.259.0")
    made.respond("stack ls", STACKS)
    made.respond("config", {"aws:region": {"value": "eu-west-1", "secret": False}})
    made.set_state(function("hello"), function("resize"))
    return made


@dataclass(frozen=True, kw_only=True)
class Aws:
    """A fake endpoint: the requests it received, and its response to each operation."""

    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """Serve a local endpoint that every client finds through the default profile."""
    made = Aws()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            made.requests.append((operation, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            made.regions.append(self.headers["Authorization"].split("/")[2])
            status, answer = made.answers[operation]
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Write no access log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        (tmp_path / "config").write_text(f"[default]\nendpoint_url = {endpoint}\n")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        yield made
        server.shutdown()
        thread.join()


CommandResult = tuple[int, str, str]
Intermodal = Callable[..., CommandResult]


@pytest.fixture
def intermodal(capsys: pytest.CaptureFixture[str]) -> Intermodal:
    """Return a function that runs the command and returns its exit code, output and errors."""

    def run(*arguments: str) -> CommandResult:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run

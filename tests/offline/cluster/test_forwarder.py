"""The local cluster's forwarder follows the AWS emulator to a different port."""

import http.server
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bench.harness.ports import free_port
from intermodal_offline.cluster import built
from intermodal_offline.cluster.node import Node
from intermodal_offline.cluster.settings import Settings
from local import processes
from local.aws.settings import Emulator


@contextmanager
def serving(text: str) -> Iterator[int]:
    """Run a server on this machine that responds with this string; yield its port."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Write no access log."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(port: int, host: str = "127.0.0.1") -> str:
    with urllib.request.urlopen(f"http://{host}:{port}/", timeout=5) as answer:
        return str(answer.read().decode())


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """Return settings for a cluster that is in this machine's own network, with a separate address."""
    made = Settings(folder=tmp_path, key="forwarder")
    made.logs.mkdir()
    monkeypatch.setattr(built, "namespace", lambda _: None)
    monkeypatch.setattr(built, "NODE_ADDRESS", "127.0.0.2")
    monkeypatch.setattr(built, "NODE_LOOPBACK", "127.0.0.3")
    yield made
    processes.stop(made.forwarders_pid_file, seconds=5)


def test_changed_port_moves_the_forwarder(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with ExitStack() as stack:
        api, first, second = (stack.enter_context(serving(text)) for text in ("api", "first", "second"))
        monkeypatch.setattr(built, "API_PORT", api)
        old, new = (Emulator(folder=tmp_path, port=port) for port in (first, second))
        address = built._open_forwarders(settings, old)
        settings.kubeconfig.write_text(f"clusters: [{{cluster: {{server: 'https://{address}'}}}}]\n")
        outside = int(address.rpartition(":")[2])
        assert (fetch(outside), fetch(first, "127.0.0.2")) == ("api", "first")
        pid = processes.find(settings.forwarders_pid_file)
        built.follow(settings, old)
        assert processes.find(settings.forwarders_pid_file) == pid, "nothing to do"
        built.follow(settings, new)
        assert (fetch(outside), fetch(first, "127.0.0.2")) == ("api", "second")
        assert fetch(second, "127.0.0.3") == "second", "a registry keeps its address"
        assert Node(settings, new).emulator_address.endswith(f":{first}")


def test_starting_cluster_uses_the_current_port(settings: Settings, tmp_path: Path) -> None:
    emulator = Emulator(folder=tmp_path, port=free_port())
    assert built.emulator_port(settings, emulator) == emulator.port

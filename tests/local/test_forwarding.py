"""Forwarders connect real network namespaces."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import paths, processes
from local.advice import LocalError
from local.forwarding import Address, Forwarders, socket_at
from local.forwarding import forwarder as forwarder_module

pytestmark = pytest.mark.usefixtures("keeper")


@pytest.fixture
def namespace() -> Iterator[Path]:
    """Run a process in an empty network namespace with loopback up, as for an ECS task; yield the namespace."""
    unshare = shutil.which("unshare") or pytest.fail("no unshare (util-linux) on this machine", pytrace=False)
    script = "ip link set lo up && echo ready && exec sleep 300"
    process = subprocess.Popen([unshare, "--net", "sh", "-c", script], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield Path(f"/proc/{process.pid}/ns/net")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def keeper() -> Iterator[Forwarders]:
    """Return an object that opens forwarders; check that no namespace file stays open."""
    before = _open_namespaces()
    kept = Forwarders()
    yield kept
    kept.close_all()
    assert _open_namespaces() == before


def _open_namespaces() -> int:
    links = list(Path("/proc/self/fd").iterdir())
    return sum(str(link.readlink()).startswith("net:") for link in links if link.is_symlink())


@pytest.fixture
def upper_case_server(namespace: Path) -> Iterator[Address]:
    """Run a server inside the namespace that reads until EOF and responds in upper case."""
    listening = forwarder_module._listen(Address(host="127.0.0.1", port=0, namespace=namespace))
    listening.setblocking(True)

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_answer, args=(client,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Address(host="127.0.0.1", port=listening.getsockname()[1], namespace=namespace)
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def _answer(client: socket.socket) -> None:
    with client, contextlib.suppress(OSError):  # the forwarder closes the connection
        heard = b""
        while chunk := client.recv(65536):
            heard += chunk
        client.sendall(heard.upper())


def ask(address: Address, words: bytes, namespace: Path | None = None) -> bytes:
    """Send a request, then read until EOF."""
    opened = os.open(namespace, os.O_RDONLY) if namespace else None
    with socket_at(opened, address.host) as made:
        if opened is not None:
            os.close(opened)
        made.settimeout(10)
        made.connect((address.host, address.port))
        sender = threading.Thread(target=_say, args=(made, words))
        sender.start()
        heard = b""
        while chunk := made.recv(65536):
            heard += chunk
        sender.join()
    return heard


def _say(made: socket.socket, words: bytes) -> None:
    with contextlib.suppress(OSError):  # the reader reports the error
        made.sendall(words)
        made.shutdown(socket.SHUT_WR)


def test_forwards_both_directions_into_a_namespace(keeper: Forwarders, upper_case_server: Address) -> None:
    with pytest.raises(ConnectionRefusedError):
        ask(Address(host="127.0.0.1", port=upper_case_server.port), b"x")
    forwarder = keeper.open(Address(host="127.0.0.1", port=0), upper_case_server)
    much = b"abcdefgh" * 200_000  # more than any buffer along the path holds
    assert ask(forwarder.listen, much) == much.upper()


def test_forwards_out_of_a_namespace(keeper: Forwarders, namespace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        keeper.open(Address(host="127.0.0.1", port=4566, namespace=namespace), Address(host="127.0.0.1", port=port))
        answering = threading.Thread(target=lambda: _answer(outside.accept()[0]))
        answering.start()
        assert ask(Address(host="127.0.0.1", port=4566), b"hello", namespace) == b"HELLO"
        answering.join()


def test_many_connections_at_once(keeper: Forwarders, upper_case_server: Address) -> None:
    forwarder = keeper.open(Address(host="127.0.0.1", port=0), upper_case_server)
    heard: list[bytes] = []
    clients = [threading.Thread(target=lambda n=n: heard.append(ask(forwarder.listen, b"x%d" % n))) for n in range(50)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert sorted(heard) == sorted(b"X%d" % number for number in range(50))


def test_refused_upstream_resets_the_client(keeper: Forwarders, namespace: Path) -> None:
    forwarder = keeper.open(Address(host="127.0.0.1", port=0), Address(host="127.0.0.1", port=9, namespace=namespace))
    address = (forwarder.listen.host, forwarder.listen.port)
    with pytest.raises(ConnectionResetError), socket.create_connection(address, timeout=10) as client:
        client.recv(1)  # unless the reset arrived before connect() returned


def test_close_ends_connections_and_frees_the_port(keeper: Forwarders, upper_case_server: Address) -> None:
    forwarder = keeper.open(Address(host="127.0.0.1", port=0), upper_case_server)
    with socket.create_connection((forwarder.listen.host, forwarder.listen.port), timeout=10) as client:
        client.sendall(b"half")
        keeper.close(forwarder)
        keeper.close(forwarder)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        ask(forwarder.listen, b"x")
    keeper.open(forwarder.listen, upper_case_server)  # the same port again


def test_namespace_outlives_the_process_that_opened_it(keeper: Forwarders, namespace: Path) -> None:
    pid = int(namespace.parts[2])
    forwarder = keeper.open(Address(host="127.0.0.1", port=0, namespace=namespace), Address(host="127.0.0.1", port=9))
    os.kill(pid, signal.SIGKILL)
    keeper.close(forwarder)


@pytest.mark.parametrize(
    ("listen", "message"),
    [
        (Address(host="127.0.0.1", port=80, namespace=Path("/proc/self/ns/none")), "No such file"),
        (Address(host="192.0.2.1", port=80), "Cannot assign requested address"),
        (Address(host="127.0.0.1", port=80, namespace=Path("/dev/null")), "cannot enter the network namespace"),
    ],
)
def test_unopenable_forwarder_is_reported(keeper: Forwarders, listen: Address, message: str) -> None:
    with pytest.raises(LocalError, match=f"Cannot open a forwarder from .*: .*{message}"):
        keeper.open(listen, Address(host="127.0.0.1", port=9))


def test_forwarder_runs_as_a_process(upper_case_server: Address) -> None:
    to = f"{upper_case_server.namespace}@{upper_case_server.host}:{upper_case_server.port}"
    command = [sys.executable, "-m", "local.forwarding", "127.0.0.1:0", to, "[::1]:0", to]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT)
    assert process.stdout
    first, second = process.stdout.readline(), process.stdout.readline()
    assert second.startswith("[::1]:")
    assert ask(Address.parse(first.strip()), b"hello") == b"HELLO"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert not processes.is_alive(process.pid)


@pytest.mark.parametrize("text", ["localhost:80", "127.0.0.1", "/run/netns/x@1.2.3.4:http", ""])
def test_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(LocalError, match="is not a valid forwarder address; use"):
        Address.parse(text)

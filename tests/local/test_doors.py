"""Doors between real network namespaces."""

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
from local.doors import Doors, Place, socket_at
from local.doors import door as door_module

pytestmark = pytest.mark.usefixtures("keeper")


@pytest.fixture
def namespace() -> Iterator[Path]:
    """The network namespace of a process that has nothing else, with its loopback up, as that of an ECS task."""
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
def keeper() -> Iterator[Doors]:
    """Doors of a test; afterwards no file of a namespace is left open."""
    before = _open_namespaces()
    kept = Doors()
    yield kept
    kept.close_all()
    assert _open_namespaces() == before


def _open_namespaces() -> int:
    links = list(Path("/proc/self/fd").iterdir())
    return sum(str(link.readlink()).startswith("net:") for link in links if link.is_symlink())


@pytest.fixture
def shouting(namespace: Path) -> Iterator[Place]:
    """A server inside the namespace that reads to the end and answers in capitals."""
    listening = door_module._listening(Place(host="127.0.0.1", port=0, namespace=namespace))
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
    yield Place(host="127.0.0.1", port=listening.getsockname()[1], namespace=namespace)
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def _answer(client: socket.socket) -> None:
    with client, contextlib.suppress(OSError):  # a door that closes
        heard = b""
        while chunk := client.recv(65536):
            heard += chunk
        client.sendall(heard.upper())


def ask(place: Place, words: bytes, namespace: Path | None = None) -> bytes:
    """Say all, then listen to the end."""
    opened = os.open(namespace, os.O_RDONLY) if namespace else None
    with socket_at(opened, place.host) as made:
        if opened is not None:
            os.close(opened)
        made.settimeout(10)
        made.connect((place.host, place.port))
        sender = threading.Thread(target=_say, args=(made, words))
        sender.start()
        heard = b""
        while chunk := made.recv(65536):
            heard += chunk
        sender.join()
    return heard


def _say(made: socket.socket, words: bytes) -> None:
    with contextlib.suppress(OSError):  # the one who listens says what went wrong
        made.sendall(words)
        made.shutdown(socket.SHUT_WR)


def test_leads_into_a_namespace_and_carries_both_ways_to_the_end(keeper: Doors, shouting: Place) -> None:
    with pytest.raises(ConnectionRefusedError):
        ask(Place(host="127.0.0.1", port=shouting.port), b"x")
    door = keeper.open(Place(host="127.0.0.1", port=0), shouting)
    much = b"abcdefgh" * 200_000  # more than any buffer between the two
    assert ask(door.listen, much) == much.upper()


def test_leads_out_of_a_namespace(keeper: Doors, namespace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        keeper.open(Place(host="127.0.0.1", port=4566, namespace=namespace), Place(host="127.0.0.1", port=port))
        answering = threading.Thread(target=lambda: _answer(outside.accept()[0]))
        answering.start()
        assert ask(Place(host="127.0.0.1", port=4566), b"hello", namespace) == b"HELLO"
        answering.join()


def test_many_at_once(keeper: Doors, shouting: Place) -> None:
    door = keeper.open(Place(host="127.0.0.1", port=0), shouting)
    heard: list[bytes] = []
    clients = [threading.Thread(target=lambda n=n: heard.append(ask(door.listen, b"x%d" % n))) for n in range(50)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert sorted(heard) == sorted(b"X%d" % number for number in range(50))


def test_resets_the_client_where_nobody_answers(keeper: Doors, namespace: Path) -> None:
    door = keeper.open(Place(host="127.0.0.1", port=0), Place(host="127.0.0.1", port=9, namespace=namespace))
    address = (door.listen.host, door.listen.port)
    with pytest.raises(ConnectionResetError), socket.create_connection(address, timeout=10) as client:
        client.recv(1)  # unless the reset came before connect() looked


def test_closing_cuts_who_is_passing_and_frees_the_port(keeper: Doors, shouting: Place) -> None:
    door = keeper.open(Place(host="127.0.0.1", port=0), shouting)
    with socket.create_connection((door.listen.host, door.listen.port), timeout=10) as client:
        client.sendall(b"half")
        keeper.close(door)
        keeper.close(door)
        with pytest.raises(ConnectionResetError):
            client.recv(1)
    with pytest.raises(ConnectionRefusedError):
        ask(door.listen, b"x")
    keeper.open(door.listen, shouting)  # the same port again


def test_stays_with_its_namespace_when_the_process_behind_the_name_is_gone(keeper: Doors, namespace: Path) -> None:
    pid = int(namespace.parts[2])
    door = keeper.open(Place(host="127.0.0.1", port=0, namespace=namespace), Place(host="127.0.0.1", port=9))
    os.kill(pid, signal.SIGKILL)
    keeper.close(door)


@pytest.mark.parametrize(
    ("listen", "said"),
    [
        (Place(host="127.0.0.1", port=80, namespace=Path("/proc/self/ns/none")), "No such file"),
        (Place(host="192.0.2.1", port=80), "Cannot assign requested address"),
        (Place(host="127.0.0.1", port=80, namespace=Path("/dev/null")), "cannot enter the network namespace"),
    ],
)
def test_says_which_door_cannot_be_opened(keeper: Doors, listen: Place, said: str) -> None:
    with pytest.raises(LocalError, match=f"No door can be opened from .*: .*{said}"):
        keeper.open(listen, Place(host="127.0.0.1", port=9))


def test_as_a_process(shouting: Place) -> None:
    to = f"{shouting.namespace}@{shouting.host}:{shouting.port}"
    command = [sys.executable, "-m", "local.doors", "127.0.0.1:0", to, "[::1]:0", to]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT)
    assert process.stdout
    first, second = process.stdout.readline(), process.stdout.readline()
    assert second.startswith("[::1]:")
    assert ask(Place.parse(first.strip()), b"hello") == b"HELLO"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert not processes.alive(process.pid)


@pytest.mark.parametrize("text", ["localhost:80", "127.0.0.1", "/run/netns/x@1.2.3.4:http", ""])
def test_refuses_what_is_no_place(text: str) -> None:
    with pytest.raises(LocalError, match="is no place for a door; write"):
        Place.parse(text)

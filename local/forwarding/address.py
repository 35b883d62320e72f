"""Parse addresses and create sockets in network namespaces."""

import ctypes
import ipaddress
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from local.advice import LocalError

CLONE_NEWNET = 0x40000000  # linux/sched.h

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Address:
    """A TCP address in a network namespace."""

    host: str
    """IP address, because a host name could resolve differently in each namespace."""
    port: int
    """TCP port; 0 listens on any free port."""
    namespace: Path | None = None
    """Namespace file, such as `/run/netns/NAME` or `/proc/PID/ns/net`. Default: this process's namespace."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Parse `[NAMESPACE@]HOST:PORT`.

        Raises:
            LocalError: the string does not have this format.
        """
        namespace, _, address = text.rpartition("@")
        host, _, port = address.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        try:
            ipaddress.ip_address(host)
            number = int(port)
        except ValueError:
            raise LocalError(
                f"{text!r} is not a valid forwarder address; use [NAMESPACE@]IP:PORT, such as /run/netns/x@10.0.0.1:80."
            ) from None
        return cls(host=host, port=number, namespace=Path(namespace) if namespace else None)

    def __str__(self) -> str:
        """Return the string that `parse` accepts."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.namespace}@{host}:{self.port}" if self.namespace else f"{host}:{self.port}"

    def open_namespace(self) -> int | None:
        """Return a file descriptor that the caller must close, or None for this process's namespace."""
        return None if self.namespace is None else os.open(self.namespace, os.O_RDONLY | os.O_CLOEXEC)


def run_in_namespace(namespace: int | None, call: Callable[[], T]) -> T:
    """Run `call` in this network namespace, in a new thread so that the caller's namespace never changes."""
    if namespace is None:
        return call()
    results: list[T] = []
    failures: list[BaseException] = []

    def visit() -> None:
        try:
            _enter(namespace)
            results.append(call())
        except BaseException as error:  # noqa: BLE001 - re-raised in the caller's thread
            failures.append(error)

    visitor = threading.Thread(target=visit, name="forwarder", daemon=True)
    visitor.start()
    visitor.join()
    if failures:
        raise failures[0]
    return results[0]


def socket_at(namespace: int | None, host: str) -> socket.socket:
    """Return a TCP socket in this namespace with the address family of `host`."""
    family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
    return run_in_namespace(namespace, lambda: socket.socket(family, socket.SOCK_STREAM))


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)  # os.setns requires Python 3.12
    if libc.setns(namespace, CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, f"cannot enter the network namespace ({os.strerror(number)}); run as root")

"""Create a task's network namespace, with forwarders to the emulator and the task endpoints."""

import contextlib
import fcntl
import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from docker import DockerClient
from docker.errors import DockerException

from local.advice import LocalError
from local.aws.ecs import pause
from local.forwarding import Address, Forwarder, Forwarders, run_in_namespace

ENDPOINT = "169.254.170.2"
"""Address of the credentials, metadata, and agent endpoints (ECS developer guide, task metadata endpoint)."""

SIOCSIFADDR, SIOCSIFNETMASK = 0x8916, 0x891C  # linux/sockios.h


@dataclass(kw_only=True)
class Namespace:
    """An open namespace; create it with `open`."""

    container: Any
    _forwarders: Forwarders
    _open: list[Forwarder]

    @classmethod
    def open(
        cls,
        client: DockerClient,
        forwarders: Forwarders,
        *,
        name: str,
        labels: Mapping[str, str],
        emulator: int,
        endpoints: int,
    ) -> Self:
        """Create a namespace in which 127.0.0.1:`emulator` and the endpoints are reachable.

        Raises:
            LocalError: this process is not allowed to enter the namespace.
            DockerException: Docker could not run the container that holds the namespace.
        """
        image = pause.ensure(client)
        container: Any = client.containers.run(image, detach=True, network_mode="none", name=name, labels=dict(labels))
        made = cls(container=container, _forwarders=forwarders, _open=[])
        try:
            container.reload()
            namespace = Path(f"/proc/{container.attrs['State']['Pid']}/ns/net")
            _add_address(namespace, ENDPOINT)
            for listen, to in ((("127.0.0.1", emulator), emulator), ((ENDPOINT, 80), endpoints)):
                address = Address(host=listen[0], port=listen[1], namespace=namespace)
                made._open.append(forwarders.open(address, Address(host="127.0.0.1", port=to)))
        except BaseException:
            made.close()
            raise
        return made

    def close(self) -> None:
        """Close the forwarders and remove the container that holds the namespace."""
        for forwarder in self._open:
            self._forwarders.close(forwarder)
        with contextlib.suppress(DockerException):
            self.container.remove(force=True)


def _add_address(namespace: Path, address: str) -> None:
    """Add an address to the loopback interface (netdevice(7))."""

    def add() -> None:
        def request(ip: str) -> bytes:
            return struct.pack("16sH2x4s8x", b"lo:ecs", socket.AF_INET, socket.inet_aton(ip))

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
            fcntl.ioctl(handle, SIOCSIFADDR, request(address))
            fcntl.ioctl(handle, SIOCSIFNETMASK, request("255.255.255.255"))

    try:
        opened = os.open(namespace, os.O_RDONLY)
    except OSError as error:
        raise _entry_error(error) from error
    try:
        run_in_namespace(opened, add)
    except OSError as error:
        raise _entry_error(error) from error
    finally:
        os.close(opened)


def _entry_error(error: OSError) -> LocalError:
    return LocalError(
        f"Cannot enter the task's network namespace: {error}; run this as root on the machine that runs the Docker "
        "daemon (INTERMODAL_DOCKER=private starts a private daemon on this machine)."
    )

"""Build the image for the container that holds a task's network namespace; its only program sleeps forever.

This module writes the ELF file directly, so it needs neither a compiler nor a registry.
"""

import io
import struct
import tarfile

from docker import DockerClient
from docker.errors import ImageNotFound

IMAGE = "intermodal-local/pause:1"
MACHINES = {
    # mov eax, 34 (pause); syscall; jmp to the start
    "amd64": (0x3E, bytes.fromhex("b822000000 0f05 ebf7")),
    # x0 to x4 = 0; x8 = 73 (ppoll); svc 0; branch to the start
    "arm64": (0xB7, bytes.fromhex("000080d2 010080d2 020080d2 030080d2 040080d2 280980d2 010000d4 f9ffff17")),
}  # fmt: skip
"""ELF machine number and machine code, by Docker architecture."""

BASE = 0x400000
HEADERS = 64 + 56


def ensure(client: DockerClient) -> str:
    """Return the image's reference; build the image if the Docker daemon does not have it."""
    try:
        client.images.get(IMAGE)
    except ImageNotFound:
        machine = client.version()["Arch"]
        name, tag = IMAGE.split(":")
        client.api.import_image_from_data(
            _archive(machine), repository=name, tag=tag, changes=['ENTRYPOINT ["/pause"]']
        )
    return IMAGE


def _archive(machine: str) -> bytes:
    program, packed = _program(machine), io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("pause")
        entry.size, entry.mode = len(program), 0o755
        archive.addfile(entry, io.BytesIO(program))
    return packed.getvalue()


def _program(machine: str) -> bytes:
    """Return an ELF executable with one segment (elf(5))."""
    number, code = MACHINES[machine]
    size = HEADERS + len(code)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header = struct.pack("<HHIQQQIHHHHHH", 2, number, 1, BASE + HEADERS, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000)
    return ident + header + segment + code

"""Build an image for another architecture."""

import hashlib
import io
import json
import platform
import struct
import tarfile

from docker import DockerClient

REFERENCE = "intermodal-local/tests/foreign:1"
MACHINES = {"x86_64": ("arm64", 183), "aarch64": ("amd64", 62)}
"""A different architecture for each machine: Docker's name and the e_machine value in elf.h."""

FOREIGN, E_MACHINE = MACHINES[platform.machine()]


def load(client: DockerClient, *, labelled: str = FOREIGN) -> str:
    """Load an image with only an ELF header into Docker; return its reference. `labelled` overrides the label."""
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    program = header + struct.pack("<HHIQQQIHHHHHH", 2, E_MACHINE, 1, 0x400000, 64, 0, 0, 64, 56, 0, 0, 0, 0)
    layer = _tar({"app": program})
    config = json.dumps(
        {
            "architecture": labelled,
            "os": "linux",
            "config": {"Entrypoint": ["/app"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        }
    ).encode()
    reference = REFERENCE if labelled == FOREIGN else f"{REFERENCE}-{labelled}"
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [reference], "Layers": ["layer.tar"]}]).encode()
    client.images.load(_tar({"layer.tar": layer, "config.json": config, "manifest.json": manifest}))
    return reference


def _tar(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()

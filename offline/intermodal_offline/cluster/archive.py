"""Write a container image with a single binary in the `docker save` format, which containerd can import."""

import hashlib
import io
import json
import platform
import tarfile
from pathlib import Path

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
NOBODY = "65532:65532"


def write(output: Path, reference: str, program: Path, entry: str) -> None:
    """Write the image `reference`; its only file is `program` at path `entry`, run as an unprivileged user."""
    layer = _tar({entry.lstrip("/"): program.read_bytes()}, mode=0o755)
    config = json.dumps(
        {
            "architecture": MACHINES[platform.machine()],
            "os": "linux",
            "config": {"User": NOBODY, "Entrypoint": [entry], "WorkingDir": "/", "Env": ["PATH=/"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
            "history": [{"created_by": "intermodal"}],
        }
    ).encode()
    manifest = [{"Config": "config.json", "RepoTags": [reference], "Layers": ["layer.tar"]}]
    files = {"config.json": config, "layer.tar": layer, "manifest.json": json.dumps(manifest).encode()}
    output.write_bytes(_tar(files, mode=0o644))


def _tar(files: dict[str, bytes], mode: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), mode
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()

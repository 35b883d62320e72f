"""Build programs that cannot be downloaded with Go, at low priority and with committed checksums."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.advice import LocalError


def find(missing: str) -> str:
    """Return the `go` on PATH.

    Raises:
        LocalError: Go is not installed; the message is `missing`, which states the purpose and the alternatives.
    """
    go = shutil.which("go")
    if go is None:
        raise LocalError(missing)
    return go


def run(go: str, folder: Path, *arguments: str, purpose: str) -> str:
    """Run a Go command in a module's folder and return its output.

    Go caches compiled packages, so an interrupted build resumes.

    Raises:
        LocalError: the command failed; the message contains the last lines of its output.
    """
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
    command = ["nice", go, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise LocalError(f"`go {arguments[0]}` failed for {purpose}; fix the cause below and run this again:\n{tail}")
    return done.stdout.strip()


def module(go: str, path: str, version: str, checksum: str) -> Path:
    """Return a module's folder in Go's module cache, which is read-only.

    Raises:
        LocalError: the module cannot be downloaded, or its checksum differs from the committed one.
    """
    output = run(go, Path("/"), "mod", "download", "-json", f"{path}@{version}", purpose=path)
    answer = json.loads(output)
    if answer["Sum"] != checksum:
        raise LocalError(
            f"Checksum mismatch for module {path}@{version}: got {answer['Sum']}, expected {checksum}; "
            "do not use the module before its maintainers confirm which checksum is correct."
        )
    return Path(answer["Dir"])


@contextmanager
def source(go: str, scratch: Path, path: str, version: str, checksum: str) -> Iterator[Path]:
    """Yield a temporary copy of a module in `scratch`, to build it as the main module with its go.sum.

    Raises:
        LocalError: as for `module`.
    """
    copy = scratch / ".source"
    # copyfile does not copy the cached files' read-only mode.
    shutil.copytree(module(go, path, version, checksum), copy, copy_function=shutil.copyfile)
    for folder in [copy, *(path for path in copy.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)

"""Go, as far as this repository builds what it cannot download: quietly, at low priority, with committed sums."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.advice import LocalError


def find(missing: str) -> str:
    """The `go` on PATH.

    Raises:
        LocalError: there is none; `missing` says what it is for and what else would do.
    """
    go = shutil.which("go")
    if go is None:
        raise LocalError(missing)
    return go


def run(go: str, folder: Path, *arguments: str, purpose: str) -> str:
    """Run a Go command in this module's folder and return what it says.

    Go keeps what it has compiled in its own cache, so a build that was killed goes on where it stood.

    Raises:
        LocalError: it failed, with the compiler's last lines.
    """
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off", "CGO_ENABLED": "0"}
    command = ["nice", go, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise LocalError(f"`go {arguments[0]}` of {purpose} failed; run the command again to resume:\n{tail}")
    return done.stdout.strip()


def module(go: str, path: str, version: str, checksum: str) -> Path:
    """Return the folder of a module in Go's own cache, which is read-only.

    Raises:
        LocalError: it cannot be downloaded, or it is not the one whose checksum is committed here.
    """
    said = run(go, Path("/"), "mod", "download", "-json", f"{path}@{version}", purpose=path)
    answer = json.loads(said)
    if answer["Sum"] != checksum:
        raise LocalError(
            f"The module {path}@{version} has the checksum {answer['Sum']}, this repository knows {checksum}; "
            "do not build it: ask the module's owners which of the two is theirs."
        )
    return Path(answer["Dir"])


@contextmanager
def source(go: str, scratch: Path, path: str, version: str, checksum: str) -> Iterator[Path]:
    """A copy in `scratch`, gone afterwards, of a module that is built as the main one: its own go.sum covers the rest.

    Raises:
        LocalError: as `module`.
    """
    copy = scratch / ".source"
    shutil.copytree(module(go, path, version, checksum), copy, copy_function=shutil.copyfile)  # without modes
    for folder in [copy, *(path for path in copy.rglob("*") if path.is_dir())]:
        folder.chmod(0o755)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)

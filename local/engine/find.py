"""Find `pulumi`: on the machine, else from the official installer, else from an extension that builds it."""

import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from local import extensions, paths
from local.advice import LocalError
from local.cache import build_once
from local.console import step
from local.engine import versions

INSTALLER = "https://get.pulumi.com/install.sh"
ANSWER_SECONDS = 5
MISSING = (
    "`pulumi` is not on PATH, and its installer is not reachable; install Pulumi (https://www.pulumi.com/docs/install/)"
)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Folder with `pulumi` and its language host, and where they came from."""

    folder: Path
    origin: str


def find() -> Engine:
    """Return the engine to use; build it at most once per machine.

    Raises:
        LocalError: no engine is installed, the installer is not reachable, and no extension can build one.
    """
    return of_machine() or installed() or built()


def of_machine() -> Engine | None:
    """Return the `pulumi` on PATH, or None if it is too old or has no Python language host."""
    if os.environ.get("INTERMODAL_ENGINE") == "build":
        return None
    binary = shutil.which("pulumi")
    if binary is None or version_of(Path(binary)) < versions.OLDEST_CLI:
        return None
    if not shutil.which("pulumi-language-python"):
        return None
    return Engine(folder=Path(binary).resolve().parent, origin="the machine")


def installed() -> Engine | None:
    """Return the official release from Pulumi's installer, or None if the site is not reachable."""
    folder = f"engine/official-{versions.CLI}"
    is_cached = (paths.cache() / folder).is_dir()
    if os.environ.get("INTERMODAL_ENGINE") == "build" or not (is_cached or internet()):
        return None
    if is_cached:
        return Engine(folder=paths.cache() / folder / "bin", origin="the official installer")
    with step(f"Installing Pulumi {versions.CLI} with the official installer"):
        return Engine(folder=build_once(folder, _run_installer) / "bin", origin="the official installer")


def built() -> Engine:
    """Return the engine that an extension builds.

    Raises:
        LocalError: no extension builds one, or the build failed.
    """
    ensure: Callable[[], Engine] = extensions.require("engine", MISSING)
    return ensure()


@cache
def internet() -> bool:
    """Return whether Pulumi's download site is reachable; cached per process."""
    try:
        with urllib.request.urlopen(INSTALLER, timeout=ANSWER_SECONDS) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def version_of(binary: Path) -> tuple[int, ...]:
    """Return the version that a `pulumi` executable reports, or `(0,)` if it does not start."""
    output = subprocess.run(
        [binary, "version"], capture_output=True, text=True, check=False, env=_quiet_environment()
    ).stdout
    numbers = re.match(r"v(\d+)\.(\d+)\.(\d+)", output)
    return tuple(int(part) for part in numbers.groups()) if numbers else (0,)


def _quiet_environment() -> dict[str, str]:
    return {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}


def _run_installer(folder: Path) -> None:
    script = folder / "install.sh"
    with urllib.request.urlopen(INSTALLER, timeout=60) as response:
        script.write_bytes(response.read())
    options = ["--version", versions.CLI, "--install-root", str(folder), "--no-edit-path"]
    done = subprocess.run(["sh", script, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"The official Pulumi installer failed: {done.stderr.strip()[-500:]}")

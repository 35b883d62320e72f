"""Unpack Debian packages into the cache without installing them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from local.advice import LocalError
from local.cache import build_once
from local.console import step


def ensure(package: str, why: str) -> Path:
    """Return a folder with the files from `package` and from its dependencies that are not installed on this machine.

    Raises:
        LocalError: this machine does not run Debian, or the package archive is not reachable.
    """

    def make(folder: Path) -> None:
        with step(f"Unpacking Debian's {package}", why):
            _unpack(package, folder)

    return build_once(f"debian/{package}", make)


def environment(folder: Path) -> dict[str, str]:
    """Return environment variables that let the unpacked programs find each other and their libraries."""
    programs = os.pathsep.join(str(folder / part) for part in ("usr/sbin", "usr/bin", "sbin", "bin"))
    libraries = os.pathsep.join(
        str(folder / part) for part in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu")
    )
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "LD_LIBRARY_PATH": libraries,
    }


def _unpack(package: str, folder: Path) -> None:
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise LocalError(f"{package} is required, but this machine does not run Debian; install {package} and retry.")
    scratch = folder / ".apt"
    (scratch / "lists" / "partial").mkdir(parents=True)
    # Use separate package lists, because the machine's lists may be missing or stale and must not change.
    options = ["-o", f"Dir::State::lists={scratch / 'lists'}", "-o", f"Dir::Cache={scratch}"]
    _apt(scratch, *options, "update")
    plan = _apt(scratch, *options, "--no-install-recommends", "--simulate", "install", package)
    names = re.findall(r"^Inst (\S+)", plan, flags=re.MULTILINE) or [package]
    _apt(scratch, *options, "download", *names)
    for archive in sorted(scratch.glob("*.deb")):
        subprocess.run(["dpkg", "-x", archive, folder], check=True)
    shutil.rmtree(scratch)


def _apt(cwd: Path, *arguments: str) -> str:
    # By default, apt drops root privileges to the user _apt, who cannot write to the cache.
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(
            f"`apt-get {arguments[-2]} {arguments[-1]}` failed; check the package archive and run this again: "
            f"{done.stderr.strip()[-400:]}"
        )
    return done.stdout

"""Unpack containerd, runc, etcd, and the CNI plugins from Debian packages without installing the packages."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from intermodal_offline.docker import packages
from local import processes
from local.advice import LocalError

WHY = "for the local Kubernetes cluster; takes seconds, once per machine"
PACKAGES = ("containerd", "etcd-server", "containernetworking-plugins")
START_SECONDS = 30
NAMESPACE = "k8s.io"
"""containerd namespace in which kubelet looks for images."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """The unpacked binaries and the environment variables that let them find each other."""

    cni: Path
    environment: Mapping[str, str]

    def ctr(self, socket: Path, *arguments: str, stdin: IO[bytes] | None = None) -> str:
        """Run `ctr`, the containerd client, and return its output.

        Raises:
            LocalError: `ctr` failed.
        """
        ctr = shutil.which("ctr", path=self.environment["PATH"]) or "ctr"
        done = subprocess.run(
            [ctr, "--address", socket, "--namespace", NAMESPACE, *arguments],
            env=self.environment, stdin=stdin or subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise LocalError(f"`ctr {' '.join(arguments[:2])}` failed: {done.stderr.strip()[-400:]}")
        return done.stdout

    def await_containerd(self, socket: Path) -> None:
        """Wait until containerd responds.

        Raises:
            LocalError: containerd does not respond within `START_SECONDS`.
        """

        def is_ready() -> bool:
            try:
                return bool(self.ctr(socket, "version"))
            except LocalError:
                return False

        if not processes.poll(is_ready, START_SECONDS):
            raise LocalError(f"containerd did not respond at {socket} within {START_SECONDS} s; see containerd.log.")


def ensure() -> Tools:
    """Return the tools; unpack those that are not in the cache.

    Raises:
        LocalError: this machine does not run Debian, or the package archive is not reachable.
    """
    folders = [packages.ensure(package, WHY) for package in PACKAGES]
    found = [packages.environment(folder) for folder in folders]
    joined = {name: os.pathsep.join(each[name] for each in found) for name in ("PATH", "LD_LIBRARY_PATH")}
    return Tools(cni=folders[-1] / "usr" / "lib" / "cni", environment={**os.environ, **joined})

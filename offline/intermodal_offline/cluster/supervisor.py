"""Run as PID 1 in the cluster's namespaces: start the other processes in order and restart some of them.

`built.start` runs it as `unshare … python -m intermodal_offline.cluster.supervisor FOLDER KEY`. When it exits, the
kernel kills all other processes in the namespace and removes their mounts and network.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from intermodal_offline.cluster import addons, build, components, configuration, sandbox, tools
from intermodal_offline.cluster.kubectl import Kubectl
from intermodal_offline.cluster.settings import NODE, Settings

TICK_SECONDS = 0.1

RESTARTED = {"kube-controller-manager", "kube-scheduler", "kubelet", "keda"}
"""Stateless components to restart, as systemd or a Deployment would. If any other exits, the cluster stops."""

SOON_SECONDS = 5.0
"""Minimum run time for a restart; a component that exits sooner would probably exit again."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """A running process with its command and start time."""

    process: subprocess.Popen[bytes]
    command: Sequence[str]
    more: Mapping[str, str]
    began: float

    @property
    def may_restart(self) -> bool:
        """Whether the process ran for `SOON_SECONDS` or was killed, so a restart can succeed."""
        return self.process.returncode < 0 or time.monotonic() - self.began >= SOON_SECONDS


class Cluster:
    """The cluster's running processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._built, self._tools = settings, build.ensure(), tools.ensure()
        self._running: dict[str, Running] = {}
        self._kubectl = Kubectl(self._built.program("kubectl"), settings.inner_kubeconfigs / "admin")
        self._began = time.monotonic()

    def bring_up(self) -> None:
        """Start all components in dependency order, in parallel where possible."""
        sandbox.enter(self._settings)
        configuration.write(self._settings, self._tools.cni)
        self._log("prepared")
        self._start("etcd", components.etcd(self._settings))
        self._start("containerd", components.containerd(self._settings))
        self._start("kube-apiserver", components.api_server(self._settings, self._built))
        with ThreadPoolExecutor() as pool:
            images = pool.submit(self._import_images)
            self._kubectl.wait_ready()
            self._log("API server ready")
            self._start("kube-controller-manager", components.controller_manager(self._settings, self._built))
            self._start("kube-scheduler", components.scheduler(self._settings, self._built))
            keda = pool.submit(self._keda)
            kueue = pool.submit(addons.apply_kueue, self._kubectl, self._built)
            security_groups = pool.submit(addons.apply_security_groups, self._kubectl)
            images.result()  # kubelet needs the pause image
            self._start("kubelet", components.kubelet(self._settings, self._built))
            self._kubectl.wait("node", NODE, "Ready")
            self._log("node ready")
            keda.result()
            kueue.result()
            security_groups.result()
        addons.await_kueue(self._kubectl)
        self._log("Kueue ready")
        self._kubectl.wait("serviceaccount", "default")

    def watch(self) -> str:
        """Restart components until one exits that must not be restarted; return its name."""
        while True:
            for name, running in list(self._running.items()):
                if running.process.poll() is None:
                    continue
                if name not in RESTARTED or not running.may_restart:
                    return name
                self._log(f"{name} exited with {running.process.returncode}; restarting it")
                self._start(name, running.command, running.more)
            time.sleep(TICK_SECONDS)

    def _keda(self) -> None:
        addons.apply_keda(self._settings, self._kubectl, self._built)
        self._start("keda", components.keda(self._settings, self._built), addons.keda_environment())
        addons.await_keda()
        self._log("KEDA ready")

    def _import_images(self) -> None:
        self._tools.await_containerd(self._settings.containerd)
        for archive in (self._built.kubernetes / "pause.tar", self._built.kueue / "kueue.tar"):
            self._tools.ctr(self._settings.containerd, "images", "import", str(archive))
        self._log("images imported")

    def _start(self, name: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
        environment = {**self._tools.environment, **(more or {})}
        with (self._settings.logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        self._running[name] = Running(process=process, command=command, more=more or {}, began=time.monotonic())

    def _log(self, text: str) -> None:
        print(f"{time.monotonic() - self._began:6.2f} s {text}", flush=True)


def main() -> int:
    """Run the cluster until a component exits that must not be restarted."""
    settings = Settings(folder=Path(sys.argv[1]), key=sys.argv[2])
    if child := os.fork():
        return _reap_until_exit(child)
    cluster = Cluster(settings)
    cluster.bring_up()
    (settings.folder / "ready").touch()
    print(f"{cluster.watch()} exited, so the cluster is stopping", flush=True)
    return 1


def _reap_until_exit(child: int) -> int:
    """Reap all orphans in the namespace, such as containerd shims, until `child` exits; return its exit code."""
    while True:
        with contextlib.suppress(ChildProcessError):
            pid, status = os.wait()
            if pid == child:
                return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())

"""Start and stop a cluster that was built on this machine."""

import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path

import yaml

from intermodal_offline.cluster import build, configuration, sandbox, tools, versions
from intermodal_offline.cluster.settings import API_PORT, NODE_ADDRESS, NODE_LOOPBACK, Settings
from local import paths, processes
from local.advice import LocalError, need_space
from local.aws.settings import ACCOUNT, REGION, Emulator
from local.console import step
from local.forwarding import Address

START_SECONDS = 90
STOP_SECONDS = 10
NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")


def refuse_where_it_cannot_run() -> None:
    """Raise an error if the cluster cannot run on this machine, before spending minutes on building it.

    Raises:
        LocalError: the user is not root or the system is not Linux.
    """
    if os.geteuid() != 0 or sys.platform != "linux":
        raise LocalError(
            "Running a Kubernetes cluster built from Go modules requires root on Linux; run this as root, set "
            "INTERMODAL_KUBECONFIG to your cluster's kubeconfig, or install Docker and kind (https://kind.sigs.k8s.io)."
        )


def prepare() -> None:
    """Build the cluster's binaries, which takes minutes, once per machine."""
    refuse_where_it_cannot_run()
    tools.ensure()
    build.ensure()


def running(settings: Settings) -> bool:
    """Return whether this cluster is running and ready."""
    return _first(settings) is not None and settings.kubeconfig.exists()


def emulator_port(settings: Settings, emulator: Emulator) -> int:
    """Return the emulator's port in the cluster's network, which does not change while the cluster is running."""
    try:
        return int(settings.emulator_port_file.read_text())
    except (FileNotFoundError, ValueError):
        return emulator.port


def follow(settings: Settings, emulator: Emulator) -> None:
    """Connect the forwarder to the emulator's current port; the port inside the cluster does not change."""
    kept = settings.forwarded_port_file
    if kept.exists() and int(kept.read_text()) == emulator.port and processes.find(settings.forwarders_pid_file):
        return
    with step(f"Connecting the local Kubernetes cluster to the AWS emulator on port {emulator.port}"):
        processes.stop(settings.forwarders_pid_file, seconds=STOP_SECONDS)
        _open_forwarders(settings, emulator, _api_port(settings))


def _api_port(settings: Settings) -> int:
    """Return the API server's local port from the administrator's kubeconfig."""
    content = yaml.safe_load(settings.kubeconfig.read_text())
    return int(content["clusters"][0]["cluster"]["server"].rpartition(":")[2])


def start(settings: Settings, emulator: Emulator) -> None:
    """Start a new cluster without state from an earlier one.

    Raises:
        LocalError: the cluster did not start; the message contains the end of the log.
    """
    prepare()
    stop(settings)
    need_space(settings.folder.parent, 3, "A local Kubernetes cluster")
    what = f"Kubernetes {versions.KUBERNETES} with KEDA {versions.KEDA} and Kueue {versions.KUEUE}"
    with step(f"Starting {what}"):
        try:
            _start(settings, emulator)
        except BaseException:
            _end_processes(settings)  # this keeps the logs
            raise


def stop(settings: Settings) -> bool:
    """Kill every process in the cluster and remove everything it created; return False if it was not running."""
    ran = _end_processes(settings)
    left = sandbox.remove_cgroups(settings)
    for folder in (settings.folder, settings.sockets):
        _remove_mount_points(folder)
        shutil.rmtree(folder, ignore_errors=True)
    if left:
        raise LocalError(
            f"The local Kubernetes cluster's control groups still contain processes: {left}; stop them and retry."
        )
    return ran


def namespace(settings: Settings) -> Path:
    """Return the path of the cluster's network namespace.

    Raises:
        LocalError: the cluster is not running.
    """
    if first := _first(settings):
        return Path(f"/proc/{first}/ns/net")
    raise LocalError("The local Kubernetes cluster is not running; start it with `make cluster`.")


def program(settings: Settings, name: str) -> int:
    """Return the PID of one of the cluster's components.

    Raises:
        LocalError: the component is not running.
    """
    processes_inside = _namespace_of(_first(settings))
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # the process has exited
            command = (entry / "cmdline").read_bytes().split(b"\0")
            if Path(os.fsdecode(command[0])).name == name and _namespace_of(int(entry.name)) == processes_inside:
                return int(entry.name)
    raise LocalError(
        f"{name} is not running in the local Kubernetes cluster; stop the cluster with `make cluster.down`."
    )


def _namespace_of(pid: int | None) -> Path | None:
    return Path(f"/proc/{pid}/ns/pid").readlink() if pid is not None else None


def _start(settings: Settings, emulator: Emulator) -> None:
    settings.logs.mkdir(parents=True, exist_ok=True)
    settings.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    _make_mount_points(settings)
    log = settings.logs / "supervisor.log"
    inside = [sys.executable, "-m", "intermodal_offline.cluster.supervisor", str(settings.folder), settings.key]
    outer = processes.launch(["unshare", *NAMESPACES, *inside], _environment(emulator), log)
    settings.pid_file.write_text(str(outer))
    ready = settings.folder / "ready"
    processes.poll(lambda: ready.exists() or not processes.is_alive(outer), START_SECONDS)
    if not ready.exists():
        raise LocalError(
            f"The local Kubernetes cluster did not start; see {settings.logs}. {log.name} ends with:\n{_tail(log)}"
        )
    configuration.write_admin(settings, f"https://{_open_forwarders(settings, emulator)}")


def _environment(emulator: Emulator) -> dict[str, str]:
    """Return the supervisor's variables; with them, KEDA calls the emulator at the pods' address as the root user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    return kept | {
        "AWS_ENDPOINT_URL": f"http://{NODE_ADDRESS}:{emulator.port}",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "root",
        "PYTHONPATH": str(paths.ROOT),
    }


def _open_forwarders(settings: Settings, emulator: Emulator, api_port: int = 0) -> str:
    """Forward connections to the API server and from the cluster to the emulator; return the API server's address."""
    theirs, inner = namespace(settings), emulator_port(settings, emulator)
    own = Address(host="127.0.0.1", port=emulator.port)
    pairs = [
        (Address(host="127.0.0.1", port=api_port), Address(host="127.0.0.1", port=API_PORT, namespace=theirs)),
        (Address(host=NODE_ADDRESS, port=inner, namespace=theirs), own),
        (Address(host=NODE_LOOPBACK, port=emulator.port, namespace=theirs), own),
    ]
    log = settings.logs / "forwarders.log"
    log.unlink(missing_ok=True)
    addresses = [str(address) for pair in pairs for address in pair]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    pid = processes.launch([sys.executable, "-m", "local.forwarding", *addresses], environment, log)
    settings.forwarders_pid_file.write_text(str(pid))
    processes.poll(lambda: len(_lines(log)) == len(pairs) or not processes.is_alive(pid), STOP_SECONDS)
    if len(lines := _lines(log)) != len(pairs):
        raise LocalError(
            f"Cannot open the forwarders to the local Kubernetes cluster; run this again. Log:\n{_tail(log)}"
        )
    settings.emulator_port_file.write_text(str(inner))
    settings.forwarded_port_file.write_text(str(emulator.port))
    return lines[0]


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def _tail(log: Path) -> str:
    return "\n".join(_lines(log)[-12:])


def _first(settings: Settings) -> int | None:
    """Return the host's PID of the namespace's PID 1, which is the child of `unshare`, or None."""
    outer = processes.find(settings.pid_file)
    if outer is None:
        return None
    children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    return int(children[0]) if children else None


def _end_processes(settings: Settings) -> bool:
    """Kill the namespace's PID 1; the kernel then kills the other processes and removes the mounts and network."""
    processes.stop(settings.forwarders_pid_file, seconds=STOP_SECONDS)
    first = _first(settings)
    if first is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(first, signal.SIGKILL)
        processes.poll(lambda: not processes.is_alive(first), STOP_SECONDS)
    return processes.stop(settings.pid_file, seconds=STOP_SECONDS) or first is not None


def _make_mount_points(settings: Settings) -> None:
    made = []
    for folder in sandbox.MOUNT_POINTS:
        missing = [part for part in [folder, *folder.parents] if not part.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        made += [str(part) for part in missing]
    (settings.folder / "made").write_text("\n".join(made))


def _remove_mount_points(folder: Path) -> None:
    """Remove the folders that were created as mount points, except those that another clone's cluster uses."""
    for line in _lines(folder / "made"):
        with contextlib.suppress(OSError):
            Path(line).rmdir()

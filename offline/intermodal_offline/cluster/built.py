"""Start and stop the cluster that is built here."""

import contextlib
import os
import shutil
import signal
import sys
from pathlib import Path

import yaml

from intermodal_offline.cluster import build, configuration, sandbox, tools, versions
from intermodal_offline.cluster.settings import API_PORT, NODE_ADDRESS, Settings
from local import paths, processes
from local.advice import LocalError, need_space
from local.aws.settings import ACCOUNT, REGION, Emulator
from local.console import step
from local.forwarding import Address

START_SECONDS = 90
STOP_SECONDS = 10
NAMESPACES = ("--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")


def refuse_where_it_cannot_run() -> None:
    """Say what is missing before minutes of building.

    Raises:
        LocalError: this user or this system cannot run it.
    """
    if os.geteuid() != 0 or sys.platform != "linux":
        raise LocalError(
            "A Kubernetes built from Go modules needs root on Linux; set INTERMODAL_KUBECONFIG to the kubeconfig of a "
            "cluster of yours, or install kind (https://kind.sigs.k8s.io) beside Docker, or run this as root."
        )


def prepare() -> None:
    """Make what is expensive, once per machine."""
    refuse_where_it_cannot_run()
    tools.ensure()
    build.ensure()


def running(settings: Settings) -> bool:
    """Whether this cluster is up and ready."""
    return _first(settings) is not None and settings.kubeconfig.exists()


def emulator_port(settings: Settings, emulator: Emulator) -> int:
    """Return the port of the embedded AWS in the cluster's network: the one that it had when the cluster started."""
    try:
        return int(settings.emulator_port_file.read_text())
    except (FileNotFoundError, ValueError):
        return emulator.port


def follow(settings: Settings, emulator: Emulator) -> None:
    """Lead the forwarder to the port on which the embedded AWS is now; the cluster's own side stays as it is."""
    kept = settings.forwarded_port_file
    if kept.exists() and int(kept.read_text()) == emulator.port and processes.of(settings.forwarders_pid_file):
        return
    with step(f"Leading the local Kubernetes to the embedded AWS on port {emulator.port}"):
        processes.stop(settings.forwarders_pid_file, seconds=STOP_SECONDS)
        _open_forwarders(settings, emulator, _api_port(settings))


def _api_port(settings: Settings) -> int:
    """Return the port of this machine that the administrator's kubeconfig names."""
    content = yaml.safe_load(settings.kubeconfig.read_text())
    return int(content["clusters"][0]["cluster"]["server"].rpartition(":")[2])


def start(settings: Settings, emulator: Emulator) -> None:
    """Bring a cluster up from nothing: no state of an earlier one is kept.

    Raises:
        LocalError: it did not come up, with the log of what failed.
    """
    prepare()
    stop(settings)
    need_space(settings.folder.parent, 3, "A local Kubernetes")
    what = f"Kubernetes {versions.KUBERNETES} with KEDA {versions.KEDA} and Kueue {versions.KUEUE}"
    with step(f"Starting {what}"):
        try:
            _start(settings, emulator)
        except BaseException:
            _end_processes(settings)  # the logs stay
            raise


def stop(settings: Settings) -> bool:
    """End every process of the cluster and remove what it made; False when none ran."""
    ran = _end_processes(settings)
    left = sandbox.remove_cgroups(settings)
    for folder in (settings.folder, settings.sockets):
        _forget_mount_points(folder)
        shutil.rmtree(folder, ignore_errors=True)
    if left:
        raise LocalError(f"Control groups of the local Kubernetes cannot be removed, something is in them: {left}")
    return ran


def namespace(settings: Settings) -> Path:
    """The network in which the cluster lives.

    Raises:
        LocalError: it does not run.
    """
    if first := _first(settings):
        return Path(f"/proc/{first}/ns/net")
    raise LocalError("The local Kubernetes does not run; start it with `make cluster`.")


def program(settings: Settings, name: str) -> int:
    """Process id of one of the cluster's own programs.

    Raises:
        LocalError: it does not run.
    """
    processes_inside = _namespace_of(_first(settings))
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if Path(os.fsdecode(words[0])).name == name and _namespace_of(int(entry.name)) == processes_inside:
                return int(entry.name)
    raise LocalError(f"{name} of the local Kubernetes does not run.")


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
    processes.poll(lambda: ready.exists() or not processes.alive(outer), START_SECONDS)
    if not ready.exists():
        raise LocalError(
            f"The local Kubernetes did not come up; {settings.logs} has the logs, the first ends:\n{_end(log)}"
        )
    configuration.write_admin(settings, f"https://{_open_forwarders(settings, emulator)}")


def _environment(emulator: Emulator) -> dict[str, str]:
    """KEDA sees the emulated AWS where pods do; where a trigger gives no keys, it asks as the account itself."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    return kept | {
        "AWS_ENDPOINT_URL": f"http://{NODE_ADDRESS}:{emulator.port}",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "root",
        "PYTHONPATH": str(paths.ROOT),
    }


def _open_forwarders(settings: Settings, emulator: Emulator, api_port: int = 0) -> str:
    """Into the cluster to its API server, out of it to the emulated AWS; where the API server is now."""
    theirs, inner = namespace(settings), emulator_port(settings, emulator)
    pairs = [
        (Address(host="127.0.0.1", port=api_port), Address(host="127.0.0.1", port=API_PORT, namespace=theirs)),
        (
            Address(host=NODE_ADDRESS, port=inner, namespace=theirs),
            Address(host="127.0.0.1", port=emulator.port),
        ),
    ]
    log = settings.logs / "forwarders.log"
    log.unlink(missing_ok=True)
    addresses = [str(address) for pair in pairs for address in pair]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    pid = processes.launch([sys.executable, "-m", "local.forwarding", *addresses], environment, log)
    settings.forwarders_pid_file.write_text(str(pid))
    processes.poll(lambda: len(_lines(log)) == len(pairs) or not processes.alive(pid), STOP_SECONDS)
    if len(lines := _lines(log)) != len(pairs):
        raise LocalError(f"The forwarders to the local Kubernetes did not open: {_end(log)}")
    settings.emulator_port_file.write_text(str(inner))
    settings.forwarded_port_file.write_text(str(emulator.port))
    return lines[0]


def _lines(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def _end(log: Path) -> str:
    return "\n".join(_lines(log)[-12:])


def _first(settings: Settings) -> int | None:
    """The first process inside: the child of the `unshare` that we started."""
    outer = processes.of(settings.pid_file)
    if outer is None:
        return None
    children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    return int(children[0]) if children else None


def _end_processes(settings: Settings) -> bool:
    """With its first process the kernel ends every process of the cluster, its mounts and its network."""
    processes.stop(settings.forwarders_pid_file, seconds=STOP_SECONDS)
    first = _first(settings)
    if first is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(first, signal.SIGKILL)
        processes.poll(lambda: not processes.alive(first), STOP_SECONDS)
    return processes.stop(settings.pid_file, seconds=STOP_SECONDS) or first is not None


def _make_mount_points(settings: Settings) -> None:
    made = []
    for folder in sandbox.MOUNT_POINTS:
        missing = [part for part in [folder, *folder.parents] if not part.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        made += [str(part) for part in missing]
    (settings.folder / "made").write_text("\n".join(made))


def _forget_mount_points(folder: Path) -> None:
    """Folders that were made only to mount something over them; another clone's cluster may still need one."""
    for line in _lines(folder / "made"):
        with contextlib.suppress(OSError):
            Path(line).rmdir()

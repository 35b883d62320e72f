"""Create a kind cluster (https://kind.sigs.k8s.io) with add-ons from their published manifests.

It needs kind and a Docker daemon that can pull the node image. This repository's tests run without internet access,
so they do not cover this module.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from docker.errors import DockerException, NotFound

from local import paths, processes
from local.advice import LocalError
from local.aws.settings import Emulator
from local.cluster import versions
from local.cluster.contract import Cluster
from local.cluster.manifests import SECURITY_GROUPS
from local.console import step
from local.docker import daemon
from local.forwarding import Address, Forwarders

NAME = f"intermodal-{paths.key()}"
NODE = f"{NAME}-control-plane"
IMAGE = f"kindest/node:v{versions.KUBERNETES}"
FOLDER = paths.LOCAL / "kind"
KUBECONFIG = FOLDER / "kubeconfig"
FORWARDER = FOLDER / "forwarder.pid"
FORWARDER_PORT = FOLDER / "forwarder.port"
FORWARDER_SECONDS = 10
MANIFESTS = (
    f"https://github.com/kedacore/keda/releases/download/v{versions.KEDA}/keda-{versions.KEDA}.yaml",
    f"https://github.com/kubernetes-sigs/kueue/releases/download/v{versions.KUEUE}/manifests.yaml",
)
DEPLOYMENTS = (("keda", "keda-operator"), ("kueue-system", "kueue-controller-manager"))


class Kind(Cluster):
    """Single-node cluster in a Docker container."""

    def __init__(self, emulator: Emulator, gateway: str) -> None:
        self.kubeconfig, self.node, self.emulator, self._gateway = KUBECONFIG, NODE, emulator, gateway

    def machine(self) -> str:
        """Return the gateway of kind's Docker network."""
        return self._gateway

    def load_image(self, reference: str) -> None:
        """Load an image with kind, which skips images that the node already has."""
        _kind("load", "docker-image", reference, "--name", NAME)

    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Forward the port from the gateway to the same port on 127.0.0.1."""
        forwarders = Forwarders()
        try:
            forwarders.open(Address(host=self._gateway, port=port), Address(host="127.0.0.1", port=port))
            yield f"http://{self._gateway}:{port}"
        finally:
            forwarders.close_all()


def works() -> bool:
    """Return whether kind is installed and the machine's Docker daemon has or can pull the node image."""
    docker = daemon.of_machine() if shutil.which("kind") else None
    if docker is None:
        return False
    with closing(docker.client()) as client:
        try:
            client.images.get(IMAGE)
        except DockerException:
            try:
                client.images.get_registry_data(IMAGE)
            except DockerException:
                return False
    return True


def running() -> bool:
    """Return whether this clone's cluster exists."""
    return KUBECONFIG.exists()


def found(emulator: Emulator) -> Kind | None:
    """Return this clone's cluster, or None if it does not exist."""
    return Kind(emulator, _gateway()) if running() else None


def ensure(emulator: Emulator) -> Kind:
    """Return this clone's cluster; create it if it does not exist."""
    if not running():
        FOLDER.mkdir(parents=True, exist_ok=True)
        half = KUBECONFIG.with_suffix(".half")
        with step(f"Creating a Kubernetes {versions.KUBERNETES} cluster with kind"):
            _kind("create", "cluster", "--name", NAME, "--image", IMAGE, "--kubeconfig", str(half), "--wait", "60s")
        with step(f"Installing KEDA {versions.KEDA} and Kueue {versions.KUEUE}"):
            for manifest in MANIFESTS:
                _kubectl("apply", "--server-side", "--filename", manifest)
            _kubectl("apply", "--server-side", "--filename", "-", stdin=SECURITY_GROUPS.read_text())
            for namespace, name in DEPLOYMENTS:
                _kubectl("rollout", "status", f"deployment/{name}", "--namespace", namespace, "--timeout=180s")
        half.rename(KUBECONFIG)
    made = Kind(emulator, _gateway())
    if (
        processes.find(FORWARDER) is None
        or not FORWARDER_PORT.exists()
        or int(FORWARDER_PORT.read_text()) != emulator.port
    ):
        processes.stop(FORWARDER, seconds=FORWARDER_SECONDS)
        _open_forwarder(made.machine(), emulator.port)
        _configure_registry(made.machine(), emulator.port)
    return made


def stop() -> bool:
    """Delete this clone's cluster; return False if it does not exist."""
    processes.stop(FORWARDER, seconds=FORWARDER_SECONDS)
    if not FOLDER.exists():
        return False
    with step("Deleting the kind cluster"):
        _kind("delete", "cluster", "--name", NAME, "--kubeconfig", str(KUBECONFIG))
    shutil.rmtree(FOLDER)
    return True


def _open_forwarder(gateway: str, port: int) -> None:
    command = [sys.executable, "-m", "local.forwarding", f"{gateway}:{port}", f"127.0.0.1:{port}"]
    pid = processes.launch(command, {**os.environ, "PYTHONPATH": str(paths.ROOT)}, FOLDER / "forwarder.log")
    FORWARDER.write_text(str(pid))
    FORWARDER_PORT.write_text(str(port))


def _configure_registry(gateway: str, port: int) -> None:
    """Let the node pull from the emulator's registry, whose address is this machine's loopback interface.

    kind's containerd reads this folder since version 0.27 (kind documentation, Local Registry).
    """
    folder = f"/etc/containerd/certs.d/127.0.0.1:{port}"
    command = ("docker", "exec", "--interactive", NODE, "sh", "-c", f"mkdir -p {folder} && cat > {folder}/hosts.toml")
    _run(*command, stdin=f'[host."http://{gateway}:{port}"]\n')


def _gateway() -> str:
    with closing(daemon.ensure().client()) as client:
        try:
            blocks = client.networks.get("kind").attrs["IPAM"]["Config"]
        except NotFound:
            raise LocalError(
                "Docker network kind does not exist; delete the cluster with `make cluster.down` and start it again."
            ) from None
    return next(str(block["Gateway"]) for block in blocks if "." in block.get("Gateway", ""))


def _kind(*arguments: str) -> None:
    _run("kind", *arguments)


def _kubectl(*arguments: str, stdin: str = "") -> None:
    """Run kubectl in the kind node, so this machine does not need it; `stdin` is the content of the file `-`."""
    command = ("docker", "exec", "--interactive", NODE, "kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf")
    _run(*command, *arguments, stdin=stdin)


def _run(*command: str, stdin: str = "") -> None:
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalError(f"`{' '.join(command[:3])}` failed: {done.stderr.strip()[-600:]}")

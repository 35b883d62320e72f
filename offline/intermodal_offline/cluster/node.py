"""Implement the `Cluster` interface for a cluster that was built on this machine."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager

from docker.errors import ImageNotFound

from intermodal_offline.cluster import built, tools
from intermodal_offline.cluster.settings import NODE, NODE_ADDRESS, NODE_LOOPBACK, Settings
from local.advice import LocalError
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.cluster.contract import Cluster
from local.console import step
from local.docker import architecture, daemon
from local.forwarding import Address, Forwarders


class Node(Cluster):
    """A single-node cluster in separate Linux namespaces."""

    def __init__(self, settings: Settings, emulator: Emulator) -> None:
        self._settings = settings
        self.kubeconfig, self.node, self.emulator = settings.kubeconfig, NODE, emulator

    def machine(self) -> str:
        """Return the address of the pods' gateway."""
        return NODE_ADDRESS

    @property
    def emulator_address(self) -> str:
        """Emulator URL inside the cluster's network; its port does not change while the cluster is running."""
        return f"http://{self.machine()}:{built.emulator_port(self._settings, self.emulator)}"

    def load_image(self, reference: str) -> None:
        """Load an image from Docker into containerd unless this image ID is already loaded."""
        with hold_lock(f"cluster-images-{self._settings.key}"), closing(daemon.ensure().client()) as docker:
            try:
                image = docker.images.get(reference)
            except ImageNotFound:
                raise LocalError(
                    f"Image {reference} does not exist in Docker, so it cannot be loaded; build it first."
                ) from None
            if why := architecture.explain_foreign(image):
                raise LocalError(f"Image {reference} cannot run in this Kubernetes cluster: {why}.")
            loaded = self._loaded()
            if loaded.get(reference) == image.id:
                return
            with (
                step(f"Loading {reference} into Kubernetes"),
                tempfile.TemporaryFile(dir=self._settings.folder) as saved,
            ):
                for chunk in image.save(named=reference):
                    saved.write(chunk)
                saved.seek(0)
                tools.ensure().ctr(self._settings.containerd, "images", "import", "-", stdin=saved)
            self._settings.images.write_text(json.dumps({**loaded, reference: image.id}))

    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Forward a port in the cluster's network to the same port on 127.0.0.1."""
        forwarders, namespace = Forwarders(), built.namespace(self._settings)
        try:
            for host in (NODE_ADDRESS, NODE_LOOPBACK):
                inside = Address(host=host, port=port, namespace=namespace)
                forwarders.open(inside, Address(host="127.0.0.1", port=port))
            yield f"http://{NODE_ADDRESS}:{port}"
        finally:
            forwarders.close_all()

    def program(self, name: str) -> int:
        """Return this machine's PID of one of the cluster's components, such as `kubelet`.

        Raises:
            LocalError: the component is not running.
        """
        return built.program(self._settings, name)

    def kill_container(self, namespace: str, container: str) -> bool:
        """Kill one running container with this name in a namespace; return False if there is none."""
        query = f'labels."io.kubernetes.pod.namespace"=={namespace},labels."io.kubernetes.container.name"=={container}'
        ids = set(self._ctr("containers", "list", "--quiet", query).split())
        running = [line.split() for line in self._ctr("tasks", "list").splitlines()]
        alive = sorted(row[0] for row in running if row[0] in ids and row[-1] == "RUNNING")
        if not alive:
            return False
        with contextlib.suppress(LocalError):  # the container has already exited
            self._ctr("tasks", "kill", "--signal", "SIGKILL", alive[0])
        return True

    def _ctr(self, *arguments: str) -> str:
        return tools.ensure().ctr(self._settings.containerd, *arguments)

    def _loaded(self) -> dict[str, str]:
        try:
            ids: dict[str, str] = json.loads(self._settings.images.read_text())
        except FileNotFoundError:
            return {}
        return ids

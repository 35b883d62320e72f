"""Define the folders, files, and addresses of a built cluster."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from local import paths

NODE = "intermodal"
NODE_LOOPBACK = "127.0.0.1"
"""Loopback address in the node's network, at which containerd pulls from registries on this machine."""

NODE_ADDRESS = "10.244.0.1"
"""Node address; it is also the pods' gateway, on which the forwarders listen."""
POD_NETWORK = "10.244.0.0/16"
POD_RANGE = ("10.244.0.0/24", "10.244.0.10")
"""Node network and first pod address."""
SERVICE_NETWORK = "10.96.0.0/16"
API_ADDRESS = "10.96.0.1"
"""The `kubernetes` Service's address, always the network's first. The node has it too, so kube-proxy is not needed."""
API_PORT = 443

KEDA_PORT = 18081


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Folder and key of a cluster; all clusters use the same addresses, each in a separate network."""

    folder: Path
    key: str

    @property
    def pid_file(self) -> Path:
        """PID file of `unshare`; when it exits, the kernel kills all other processes in the cluster."""
        return self.folder / "pid"

    @property
    def forwarders_pid_file(self) -> Path:
        """PID file of the forwarders into and out of the cluster's network."""
        return self.folder / "forwarders.pid"

    @property
    def emulator_port_file(self) -> Path:
        """File with the emulator's port in the cluster's network; it does not change while the cluster is running."""
        return self.folder / "emulator.port"

    @property
    def forwarded_port_file(self) -> Path:
        """File with the port on this machine to which the forwarder connects."""
        return self.folder / "forwarded.port"

    @property
    def kubeconfig(self) -> Path:
        """Administrator's kubeconfig for this machine; it exists once the cluster is ready."""
        return self.folder / "kubeconfig"

    @property
    def inner_kubeconfigs(self) -> Path:
        """Folder with the components' kubeconfigs, which use addresses inside the cluster's network."""
        return self.folder / "kubeconfigs"

    @property
    def certificates(self) -> Path:
        """Folder with keys and certificates."""
        return self.folder / "certificates"

    @property
    def logs(self) -> Path:
        """Folder with one log per component."""
        return self.folder / "logs"

    @property
    def images(self) -> Path:
        """File with the IDs of the images that were loaded from Docker."""
        return self.folder / "images.json"

    @property
    def sockets(self) -> Path:
        """Folder with a short path for Unix sockets (unix(7): 107 bytes), separate from Docker's."""
        return Path(tempfile.gettempdir()) / f"intermodal-{self.key}-cluster"

    @property
    def containerd(self) -> Path:
        """Path of the containerd socket."""
        return self.sockets / "containerd.sock"

    @property
    def cgroup(self) -> str:
        """Parent of kubelet's control groups in every hierarchy."""
        return f"/intermodal-{self.key}"


def of_clone() -> Settings:
    """Return the settings for this clone's cluster."""
    return Settings(folder=paths.LOCAL / "cluster", key=paths.key())

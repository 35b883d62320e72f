"""Folders, files and addresses of one built cluster."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from local import paths

NODE = "intermodal"
NODE_ADDRESS = "10.244.0.1"
"""Address of the node; also the pods' gateway, where forwarders listen for them."""
POD_NETWORK = "10.244.0.0/16"
POD_RANGE = ("10.244.0.0/24", "10.244.0.10")
"""Network of the node, and the first address of a pod."""
SERVICE_NETWORK = "10.96.0.0/16"
API_ADDRESS = "10.96.0.1"
"""Address of the Service `kubernetes`, always the network's first; the node has it too, which saves kube-proxy."""
API_PORT = 443

KEDA_PORT = 18081


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Folder and names of one cluster; all clusters share the addresses above, each in its own network."""

    folder: Path
    key: str

    @property
    def pid_file(self) -> Path:
        """Pid file of `unshare`, whose end ends all other processes of the cluster."""
        return self.folder / "pid"

    @property
    def forwarders_pid_file(self) -> Path:
        """Pid file of the forwarders into and out of the cluster's network."""
        return self.folder / "forwarders.pid"

    @property
    def emulator_port_file(self) -> Path:
        """Emulator's port in the cluster's network, fixed while the cluster runs."""
        return self.folder / "emulator.port"

    @property
    def forwarded_port_file(self) -> Path:
        """Port of this machine to which that forwarder connects."""
        return self.folder / "forwarded.port"

    @property
    def kubeconfig(self) -> Path:
        """Administrator's kubeconfig for this machine; exists once the cluster is ready."""
        return self.folder / "kubeconfig"

    @property
    def inner_kubeconfigs(self) -> Path:
        """Kubeconfigs of the components in the cluster's own network."""
        return self.folder / "kubeconfigs"

    @property
    def certificates(self) -> Path:
        """Folder of keys and certificates."""
        return self.folder / "certificates"

    @property
    def logs(self) -> Path:
        """Folder with one log per component."""
        return self.folder / "logs"

    @property
    def images(self) -> Path:
        """Ids of the images that were loaded from Docker."""
        return self.folder / "images.json"

    @property
    def sockets(self) -> Path:
        """Short folder for Unix sockets (unix(7): 107 bytes); separate from Docker's, which is removed on its own."""
        return Path(tempfile.gettempdir()) / f"intermodal-{self.key}-cluster"

    @property
    def containerd(self) -> Path:
        """Socket of containerd."""
        return self.sockets / "containerd.sock"

    @property
    def cgroup(self) -> str:
        """Parent of kubelet's control groups, in every hierarchy."""
        return f"/intermodal-{self.key}"


def of_clone() -> Settings:
    """Return the settings of this clone's cluster."""
    return Settings(folder=paths.LOCAL / "cluster", key=paths.key())

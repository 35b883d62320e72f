"""Where one built cluster keeps its things, and the addresses in its network."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from local import paths

NODE = "intermodal"
NODE_ADDRESS = "10.244.0.1"
"""Of the node, and so of whatever pods reach through a forwarder: their gateway."""
POD_NETWORK = "10.244.0.0/16"
POD_RANGE = ("10.244.0.0/24", "10.244.0.10")
"""Network of the one node, and the first address of a pod."""
SERVICE_NETWORK = "10.96.0.0/16"
API_ADDRESS = "10.96.0.1"
"""Of the Service `kubernetes`, always the first of the network; the node has it too, so no kube-proxy is needed."""
API_PORT = 443

KEDA_PORT = 18081


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One cluster's folder and names; the addresses above are in a network of its own, so all may use the same."""

    folder: Path
    key: str

    @property
    def pid_file(self) -> Path:
        """The process (`unshare`) with which all others of the cluster end."""
        return self.folder / "pid"

    @property
    def forwarders_pid_file(self) -> Path:
        """The process that keeps the forwarders into and out of the cluster's network."""
        return self.folder / "forwarders.pid"

    @property
    def emulator_port_file(self) -> Path:
        """Port of the embedded AWS in the cluster's network; it stays while the cluster runs."""
        return self.folder / "emulator.port"

    @property
    def forwarded_port_file(self) -> Path:
        """Port of this machine to which the forwarder leads from there."""
        return self.folder / "forwarded.port"

    @property
    def kubeconfig(self) -> Path:
        """The administrator's, for use on this machine; there once the cluster is ready."""
        return self.folder / "kubeconfig"

    @property
    def inner_kubeconfigs(self) -> Path:
        """Kubeconfigs of the components, which live in the cluster's own network."""
        return self.folder / "kubeconfigs"

    @property
    def certificates(self) -> Path:
        """Keys and certificates."""
        return self.folder / "certificates"

    @property
    def logs(self) -> Path:
        """One file per component."""
        return self.folder / "logs"

    @property
    def images(self) -> Path:
        """Which images of Docker have been loaded."""
        return self.folder / "images.json"

    @property
    def sockets(self) -> Path:
        """Short folder for Unix sockets (unix(7): 107 bytes), apart from Docker's, which is removed with it."""
        return Path(tempfile.gettempdir()) / f"intermodal-{self.key}-cluster"

    @property
    def containerd(self) -> Path:
        """Socket of containerd."""
        return self.sockets / "containerd.sock"

    @property
    def cgroup(self) -> str:
        """Below this one kubelet makes its own, in every hierarchy."""
        return f"/intermodal-{self.key}"


def of_clone() -> Settings:
    """The cluster of this clone."""
    return Settings(folder=paths.LOCAL / "cluster", key=paths.key())

"""Interface of every kind of cluster."""

import abc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from local.aws.settings import Emulator


class Cluster(abc.ABC):
    """Running cluster with KEDA and Kueue."""

    kubeconfig: Path
    """Administrator's kubeconfig, for programs on this machine."""
    node: str
    """Name of the node, or of the first of several."""
    emulator: Emulator
    """The embedded AWS behind `emulator_address`."""

    @property
    def server(self) -> str:
        """URL of the API server, seen from this machine."""
        content = yaml.safe_load(self.kubeconfig.read_text())
        context = next(each["context"] for each in content["contexts"] if each["name"] == content["current-context"])
        cluster = next(each["cluster"] for each in content["clusters"] if each["name"] == context["cluster"])
        return str(cluster["server"])

    @property
    def emulator_address(self) -> str:
        """URL of the embedded AWS, seen from pods and from KEDA."""
        return f"http://{self.machine()}:{self.emulator.port}"

    @abc.abstractmethod
    def machine(self) -> str:
        """Return the address at which pods reach a forwarder on this machine."""

    @abc.abstractmethod
    def load_image(self, reference: str) -> None:
        """Load an image from this machine's Docker, for imagePullPolicy IfNotPresent or Never."""

    @abc.abstractmethod
    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Forward pods to 127.0.0.1:`port` of this machine inside the block; yield the URL for pods."""

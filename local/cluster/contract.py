"""Define the interface that every kind of cluster implements."""

import abc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from local.aws.settings import Emulator


class Cluster(abc.ABC):
    """Running cluster with KEDA and Kueue."""

    kubeconfig: Path
    """Kubeconfig with administrator credentials, for programs on this machine."""
    node: str
    """Node name; the first one if there are several."""
    emulator: Emulator
    """The AWS emulator behind `emulator_address`."""

    @property
    def server(self) -> str:
        """API server URL for programs on this machine."""
        content = yaml.safe_load(self.kubeconfig.read_text())
        context = next(each["context"] for each in content["contexts"] if each["name"] == content["current-context"])
        cluster = next(each["cluster"] for each in content["clusters"] if each["name"] == context["cluster"])
        return str(cluster["server"])

    @property
    def emulator_address(self) -> str:
        """AWS emulator URL for pods and KEDA."""
        return f"http://{self.machine()}:{self.emulator.port}"

    @abc.abstractmethod
    def machine(self) -> str:
        """Return the address at which pods reach a forwarder on this machine."""

    @abc.abstractmethod
    def load_image(self, reference: str) -> None:
        """Load an image from this machine's Docker daemon for use with imagePullPolicy IfNotPresent or Never."""

    @abc.abstractmethod
    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Forward traffic from pods to 127.0.0.1:`port` on this machine until the context exits; yield the URL."""

"""What every kind of cluster offers."""

import abc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from local.aws.settings import Emulator


class Cluster(abc.ABC):
    """A cluster that runs, with KEDA and Kueue in it."""

    kubeconfig: Path
    """Of an administrator, for programs on this machine."""
    node: str
    """Name of its node, or of the first of several."""
    emulator: Emulator
    """The embedded AWS that `emulator_address` leads to."""

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
        """Address at which pods reach what listens on this machine, if a forwarder leads there."""

    @abc.abstractmethod
    def load_image(self, reference: str) -> None:
        """Put an image of this machine's Docker where pods find it (with imagePullPolicy IfNotPresent or Never)."""

    @abc.abstractmethod
    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Let pods reach 127.0.0.1:`port` of this machine, as long as the block runs; the URL that they use."""

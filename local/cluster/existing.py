"""A cluster of the user's own: nothing in it is started or stopped here, KEDA and Kueue are in it already."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.advice import LocalError
from local.aws.settings import Emulator
from local.cluster.contract import Cluster
from local.forwarding import Address, Forwarders


class ExistingCluster(Cluster):
    """Named by INTERMODAL_KUBECONFIG; INTERMODAL_POD_HOST and INTERMODAL_LOAD_IMAGE say how it reaches this machine."""

    def __init__(self, kubeconfig: Path, emulator: Emulator) -> None:
        self.kubeconfig, self.emulator = kubeconfig, emulator
        self.node = os.environ.get("INTERMODAL_NODE", "")

    def machine(self) -> str:
        """What the user says: an address of this machine on a network that the pods see."""
        if host := os.environ.get("INTERMODAL_POD_HOST"):
            return host
        raise LocalError(
            "How pods of your cluster reach this machine is not known; set INTERMODAL_POD_HOST to the address of this "
            "machine that they see, such as the gateway of kind's network (docker network inspect kind)."
        )

    def load_image(self, reference: str) -> None:
        """By the user's command, such as `kind load docker-image`."""
        command = os.environ.get("INTERMODAL_LOAD_IMAGE")
        if not command:
            raise LocalError(
                f"How {reference} gets into your cluster is not known; set INTERMODAL_LOAD_IMAGE to a command that "
                "takes the image's name, such as `kind load docker-image` or `k3d image import`."
            )
        done = subprocess.run([*shlex.split(command), reference], capture_output=True, text=True, check=False)
        if done.returncode:
            raise LocalError(f"`{command} {reference}` failed: {done.stderr.strip()[-400:]}")

    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """On the address that the user named, the same port as on 127.0.0.1."""
        forwarders, host = Forwarders(), self.machine()
        try:
            forwarders.open(Address(host=host, port=port), Address(host="127.0.0.1", port=port))
            yield f"http://{host}:{port}"
        finally:
            forwarders.close_all()

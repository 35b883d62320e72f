"""Use the user's cluster, which has KEDA and Kueue installed; this project neither starts nor stops it."""

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
    """The cluster in INTERMODAL_KUBECONFIG.

    INTERMODAL_POD_HOST and INTERMODAL_LOAD_IMAGE specify how its pods reach this machine and get images from it.
    """

    def __init__(self, kubeconfig: Path, emulator: Emulator) -> None:
        self.kubeconfig, self.emulator = kubeconfig, emulator
        self.node = os.environ.get("INTERMODAL_NODE", "")

    def machine(self) -> str:
        """Return INTERMODAL_POD_HOST, an address of this machine that pods can reach."""
        if host := os.environ.get("INTERMODAL_POD_HOST"):
            return host
        raise LocalError(
            "INTERMODAL_POD_HOST is not set, so pods in your cluster cannot reach this machine; set it to an address "
            "of this machine that pods can reach, such as the kind network's gateway (docker network inspect kind)."
        )

    def load_image(self, reference: str) -> None:
        """Load an image with the command in INTERMODAL_LOAD_IMAGE, such as `kind load docker-image`."""
        command = os.environ.get("INTERMODAL_LOAD_IMAGE")
        if not command:
            raise LocalError(
                f"INTERMODAL_LOAD_IMAGE is not set, so {reference} cannot be loaded into your cluster; set it to a "
                "command that accepts an image name, such as `kind load docker-image` or `k3d image import`."
            )
        done = subprocess.run([*shlex.split(command), reference], capture_output=True, text=True, check=False)
        if done.returncode:
            raise LocalError(
                f"`{command} {reference}` failed: {done.stderr.strip()[-400:]}; correct INTERMODAL_LOAD_IMAGE."
            )

    @contextmanager
    def forward(self, port: int) -> Iterator[str]:
        """Forward the port from INTERMODAL_POD_HOST to the same port on 127.0.0.1."""
        forwarders, host = Forwarders(), self.machine()
        try:
            forwarders.open(Address(host=host, port=port), Address(host="127.0.0.1", port=port))
            yield f"http://{host}:{port}"
        finally:
            forwarders.close_all()

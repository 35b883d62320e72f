"""Choose the cluster: INTERMODAL_KUBECONFIG, else kind if it works here, else one that an extension builds."""

import enum
import os
from pathlib import Path
from typing import Protocol

from local import extensions, paths
from local.advice import LocalError
from local.aws import settings as aws
from local.aws.settings import Emulator
from local.cache import hold_lock
from local.cluster import kind
from local.cluster.contract import Cluster
from local.cluster.existing import ExistingCluster

MISSING = (
    "No Kubernetes cluster is available; set INTERMODAL_KUBECONFIG to the kubeconfig of your own cluster, "
    "or install Docker and kind (https://kind.sigs.k8s.io)"
)


class Choice(enum.Enum):
    """Where the cluster comes from."""

    GIVEN = "yours (INTERMODAL_KUBECONFIG)"
    KIND = "kind"
    BUILT = "built from Go modules"


class Builder(Protocol):
    """Extension that builds a cluster from source for this clone."""

    def prepare(self) -> None:
        """Build the cluster's expensive parts once per machine."""

    def ensure(self, emulator: Emulator) -> Cluster:
        """Return the cluster; start it if it is not running."""

    def found(self, emulator: Emulator) -> Cluster | None:
        """Return the cluster if it is running."""

    def running(self) -> bool:
        """Return whether the cluster is running."""

    def stop(self) -> bool:
        """Stop the cluster; return False if it was not running."""


def choose() -> Choice:
    """Return which cluster to use; INTERMODAL_CLUSTER=built skips kind.

    Raises:
        LocalError: INTERMODAL_KUBECONFIG is not a file, or INTERMODAL_CLUSTER is neither built nor kind.
    """
    if given := os.environ.get("INTERMODAL_KUBECONFIG"):
        if not Path(given).expanduser().is_file():
            raise LocalError(f"INTERMODAL_KUBECONFIG is {given}, but that file does not exist; correct it or unset it.")
        return Choice.GIVEN
    requested = os.environ.get("INTERMODAL_CLUSTER", "")
    if requested not in {"", "built", "kind"}:
        raise LocalError(f"INTERMODAL_CLUSTER must be built or kind, got {requested!r}; correct it or unset it.")
    if requested == "kind" or (not requested and kind.works()):
        return Choice.KIND
    return Choice.BUILT


def ensure(emulator: Emulator | None = None) -> Cluster:
    """Return a running cluster; start it if needed.

    Args:
        emulator: The AWS emulator that pods call. Default: this clone's emulator.

    Raises:
        LocalError: no cluster can be started on this machine.
    """
    emulator = emulator or aws.of_clone()
    with hold_lock(f"cluster-{paths.key()}"):
        match choose():
            case Choice.GIVEN:
                return ExistingCluster(Path(os.environ["INTERMODAL_KUBECONFIG"]).expanduser(), emulator)
            case Choice.KIND:
                return kind.ensure(emulator)
            case Choice.BUILT:
                return _builder().ensure(emulator)


def found() -> Cluster | None:
    """Return the running cluster, or None if `ensure` would create or start one."""
    emulator = aws.of_clone()
    match choose():
        case Choice.GIVEN:
            return ExistingCluster(Path(os.environ["INTERMODAL_KUBECONFIG"]).expanduser(), emulator)
        case Choice.KIND:
            return kind.found(emulator)
        case Choice.BUILT:
            builder = _installed_builder()
            return None if builder is None else builder.found(emulator)


def prepare() -> None:
    """Build the expensive parts once per machine if the chosen cluster is built from source."""
    if choose() is Choice.BUILT:
        _builder().prepare()


def running() -> bool:
    """Return whether a cluster that `ensure` started is running; the user's cluster does not count."""
    builder = _installed_builder()
    return (builder is not None and builder.running()) or kind.running()


def stop() -> bool:
    """Stop the cluster that `ensure` started, never the user's; return False if none was running."""
    with hold_lock(f"cluster-{paths.key()}"):
        builder = _installed_builder()
        return any([builder is not None and builder.stop(), kind.stop()])


def _builder() -> Builder:
    builder: Builder = extensions.require("cluster", MISSING)
    return builder


def _installed_builder() -> Builder | None:
    builder: Builder | None = extensions.find("cluster")
    return builder

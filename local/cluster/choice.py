"""Which cluster is used: INTERMODAL_KUBECONFIG, else kind where it can work, else one that an extension builds."""

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
    "There is no Kubernetes to use; set INTERMODAL_KUBECONFIG to the kubeconfig of a cluster of yours, "
    "or install kind (https://kind.sigs.k8s.io) beside Docker"
)


class Choice(enum.Enum):
    """Where the cluster comes from."""

    GIVEN = "yours (INTERMODAL_KUBECONFIG)"
    KIND = "kind"
    BUILT = "built from Go modules"


class Builder(Protocol):
    """Build a cluster for this clone from source."""

    def prepare(self) -> None:
        """Make what is expensive, once per machine."""

    def ensure(self, emulator: Emulator) -> Cluster:
        """Return the cluster; start it if it does not run."""

    def found(self, emulator: Emulator) -> Cluster | None:
        """Return the cluster if it runs."""

    def running(self) -> bool:
        """Return whether it runs."""

    def stop(self) -> bool:
        """Stop it; return False if none ran."""


def choose() -> Choice:
    """The one that is used here; INTERMODAL_CLUSTER=built leaves kind out.

    Raises:
        LocalError: INTERMODAL_KUBECONFIG names no file.
    """
    if given := os.environ.get("INTERMODAL_KUBECONFIG"):
        if not Path(given).expanduser().is_file():
            raise LocalError(f"INTERMODAL_KUBECONFIG is {given}, and there is no such file; correct it or unset it.")
        return Choice.GIVEN
    wanted = os.environ.get("INTERMODAL_CLUSTER", "")
    if wanted not in {"", "built", "kind"}:
        raise LocalError(f"INTERMODAL_CLUSTER must be built or kind, got {wanted!r}; correct it or unset it.")
    if wanted == "kind" or (not wanted and kind.works()):
        return Choice.KIND
    return Choice.BUILT


def ensure(emulator: Emulator | None = None) -> Cluster:
    """A cluster that runs; started where it does not. `emulator` is the embedded AWS of pods. Default: the clone's.

    Raises:
        LocalError: there is none to be had here, in one sentence.
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
    """What `ensure` would give, with nothing started: None where it would have to start it."""
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
    """Make what is expensive, once per machine, where it is needed at all."""
    if choose() is Choice.BUILT:
        _builder().prepare()


def running() -> bool:
    """Whether a cluster that `ensure` started runs; one of yours does not count."""
    builder = _installed_builder()
    return (builder is not None and builder.running()) or kind.running()


def stop() -> bool:
    """Stop what `ensure` started; False when nothing ran. One of yours is left alone."""
    with hold_lock(f"cluster-{paths.key()}"):
        builder = _installed_builder()
        return any([builder is not None and builder.stop(), kind.stop()])


def _builder() -> Builder:
    builder: Builder = extensions.require("cluster", MISSING)
    return builder


def _installed_builder() -> Builder | None:
    builder: Builder | None = extensions.find("cluster")
    return builder

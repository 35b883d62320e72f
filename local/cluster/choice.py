"""Which cluster is used: INTERMODAL_KUBECONFIG, else kind where it can work, else the built one."""

import enum
import os
from pathlib import Path

from local import paths
from local.advice import LocalError
from local.aws import settings as aws
from local.aws.settings import Emulator
from local.cache import locked
from local.cluster import built, kind
from local.cluster.contract import Cluster
from local.cluster.given import Given
from local.cluster.node import Node
from local.cluster.settings import of_clone


class Choice(enum.Enum):
    """Where the cluster comes from."""

    GIVEN = "yours (INTERMODAL_KUBECONFIG)"
    KIND = "kind"
    BUILT = "built from Go modules"


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
    with locked(f"cluster-{paths.key()}"):
        match choose():
            case Choice.GIVEN:
                return Given(Path(os.environ["INTERMODAL_KUBECONFIG"]).expanduser(), emulator)
            case Choice.KIND:
                return kind.ensure(emulator)
            case Choice.BUILT:
                settings = of_clone()
                if built.running(settings):
                    built.follow(settings, emulator)
                else:
                    built.start(settings, emulator)
                return Node(settings, emulator)


def found() -> Cluster | None:
    """What `ensure` would give, with nothing started: None where it would have to start it."""
    emulator, settings = aws.of_clone(), of_clone()
    match choose():
        case Choice.GIVEN:
            return Given(Path(os.environ["INTERMODAL_KUBECONFIG"]).expanduser(), emulator)
        case Choice.KIND:
            return kind.found(emulator)
        case Choice.BUILT:
            return Node(settings, emulator) if built.running(settings) else None


def prepare() -> None:
    """Make what is expensive, once per machine, where it is needed at all."""
    if choose() is Choice.BUILT:
        built.prepare()


def running() -> bool:
    """Whether a cluster that `ensure` started runs; one of yours does not count."""
    return built.running(of_clone()) or kind.running()


def stop() -> bool:
    """Stop what `ensure` started; False when nothing ran. One of yours is left alone."""
    with locked(f"cluster-{paths.key()}"):
        return any([built.stop(of_clone()), kind.stop()])

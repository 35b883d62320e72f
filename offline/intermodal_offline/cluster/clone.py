"""Start, find, and stop this clone's cluster."""

from intermodal_offline.cluster import built
from intermodal_offline.cluster.built import prepare
from intermodal_offline.cluster.node import Node
from intermodal_offline.cluster.settings import of_clone
from local.aws.settings import Emulator

__all__ = ["ensure", "found", "prepare", "running", "stop"]


def ensure(emulator: Emulator) -> Node:
    """Return the cluster; start it if it is not running.

    Raises:
        LocalError: the cluster cannot be built or started on this machine.
    """
    settings = of_clone()
    if built.running(settings):
        built.follow(settings, emulator)
    else:
        built.start(settings, emulator)
    return Node(settings, emulator)


def found(emulator: Emulator) -> Node | None:
    """Return the cluster, or None if it is not running."""
    settings = of_clone()
    return Node(settings, emulator) if built.running(settings) else None


def running() -> bool:
    """Return whether the cluster is running."""
    return built.running(of_clone())


def stop() -> bool:
    """Stop the cluster and remove everything it created; return False if it was not running."""
    return built.stop(of_clone())

"""What the tests know of each group of types."""

from tests.engine.providers.services import apis, functions, messaging, network, policies, storage, workers

SERVICES = (apis, functions, messaging, network, policies, storage, workers)

__all__ = ["SERVICES"]

"""Define test cases for each group of types."""

from tests.offline.providers.services import apis, functions, messaging, network, policies, storage, workers

SERVICES = (apis, functions, messaging, network, policies, storage, workers)

__all__ = ["SERVICES"]

"""The emulator's services, as the tests of the stand-in have them."""

from tests.engine.providers.conftest import emulator

__all__ = ["emulator"]

"""Share the emulator fixture of the plugin tests."""

from tests.offline.providers.conftest import emulator

__all__ = ["emulator"]

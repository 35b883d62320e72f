"""Share the emulator fixture of the plugin tests."""

from tests.engine.providers.conftest import emulator

__all__ = ["emulator"]

"""Define the type of a patch's `EXPECTED`."""

from collections.abc import Mapping, Sequence

Expected = Mapping[tuple[str, str], Sequence[str]]
"""Parameters by (module, function), as of the pinned version."""

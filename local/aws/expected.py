"""The type by which a patch names what it replaces or calls."""

from collections.abc import Mapping, Sequence

Expected = Mapping[tuple[str, str], Sequence[str]]
"""Parameters by (module, function), as they were when the patch was written."""

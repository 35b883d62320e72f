"""Define the type of `EXPECTED` in a patch."""

from collections.abc import Mapping, Sequence

Expected = Mapping[tuple[str, str], Sequence[str]]
"""Parameter names by (module, function) in the pinned ministack version."""

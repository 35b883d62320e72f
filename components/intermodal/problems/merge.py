"""Merge a component's arguments from a dict and keywords."""

from collections.abc import Mapping
from typing import Any

from intermodal.problems.errors import DefinitionError, Problem


def merge_arguments(display_name: str, args: object, keywords: Mapping[str, Any]) -> Any:
    """Merge the dict and the keywords into one dict.

    Raises:
        DefinitionError: A key is in both; the error lists all such keys.
    """
    if not keywords or not isinstance(args, Mapping):
        return keywords or args
    if both := [key for key in keywords if key in args]:
        text = "is set in the dict and as a keyword; remove one of them"
        raise DefinitionError(display_name, [Problem(path=key, text=text) for key in both])
    return {**args, **keywords}

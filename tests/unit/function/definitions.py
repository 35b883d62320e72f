"""A valid definition, and the message that refuses a change of it."""

from typing import Any

import pytest

from intermodal import DefinitionError
from intermodal.function.check import check_definition

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"

GOOD: dict[str, Any] = {"image": {"uri": IMAGE}, "target": "lambda"}


def refusal(change: dict[str, Any]) -> str:
    """Return the error of the valid definition with this change."""
    with pytest.raises(DefinitionError) as refused:
        check_definition("scan", {**GOOD, **change})  # type: ignore[typeddict-item]
    return str(refused.value)

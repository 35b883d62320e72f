"""Provide a valid definition, and the error that a change to it causes."""

from typing import Any

import pytest

from intermodal import DefinitionError
from intermodal.function.check import check_definition

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan:1"

GOOD: dict[str, Any] = {"image": {"uri": IMAGE}, "target": "lambda"}


def refusal(change: dict[str, Any]) -> str:
    """Return the error that this change to the valid definition causes."""
    with pytest.raises(DefinitionError) as refused:
        check_definition("scan", {**GOOD, **change})  # type: ignore[typeddict-item]
    return str(refused.value)

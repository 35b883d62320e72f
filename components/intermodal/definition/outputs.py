"""Validate a definition's Outputs when they resolve."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from intermodal.definition.spec import FunctionSpec
from intermodal.problems.validation import Check, check_output


def check_outputs(spec: FunctionSpec, checks: Iterable[Mapping[str, Check]]) -> FunctionSpec:
    """Return a spec whose Outputs are validated when they resolve; `checks` are keyed by field.

    Raises:
        DefinitionError: A check finds a problem. The error is raised in an apply.
    """
    changed: dict[str, Any] = {}
    for check_by_field in checks:
        for field, check in check_by_field.items():
            value = changed.get(field, getattr(spec, field))
            changed[field] = check_output(value, spec.display_name, check)
    return dataclasses.replace(spec, **changed)

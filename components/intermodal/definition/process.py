"""Resolve overrides of the image's command, entry point and working directory."""

from collections.abc import Mapping
from typing import Any

from pulumi import Input

from intermodal.definition.spec import ProcessSpec
from intermodal.problems.validation import Validator


def resolve_process(validator: Validator, given: Mapping[str, Any]) -> ProcessSpec:
    """Return the overrides; add problems to `validator`."""
    command, entry_point = (_resolve_words(validator, key, given) for key in ("command", "entry_point"))
    if entry_point and not command:
        text = "needs command: targets differ in whether they keep the image's CMD with another entry point"
        validator.add("entry_point", f"{text}; set command as well")
    folder = given.get("working_directory")
    if isinstance(folder, str) and not folder.startswith("/"):
        validator.add("working_directory", f"must be an absolute path in the image, got {folder!r}; start it with /")
    elif folder is not None:
        validator.text("working_directory", folder)
    return ProcessSpec(command=command, entry_point=entry_point, working_directory=folder)


def _resolve_words(validator: Validator, key: str, given: Mapping[str, Any]) -> tuple[Input[str], ...] | None:
    return tuple(validator.text_list(key, given[key])) if key in given else None

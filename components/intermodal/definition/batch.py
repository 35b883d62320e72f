"""Resolve the settings for batching messages into events."""

from collections.abc import Mapping
from typing import Any

from intermodal.definition.spec import BatchSpec
from intermodal.limits import batch_limits
from intermodal.problems.validation import Validator

BATCH_SIZE = 10
MAXIMUM_RECEIVES = 5


def resolve_batch(validator: Validator, given: Mapping[str, Any], *, fifo: bool) -> BatchSpec:
    """Return the batch settings with defaults applied; add problems to `validator`."""
    limits = batch_limits()
    size = validator.integer_in("batch_size", given.get("batch_size", BATCH_SIZE), limits["batch_size"])
    window = validator.integer_in(
        "batch_window_seconds", given.get("batch_window_seconds", 0), limits["batch_window_seconds"]
    )
    largest = limits["batch_size_without_window"][-1]
    if fifo and window:
        validator.add("batch_window_seconds", f"must be 0 on a FIFO inbox, got {window}; remove it")
    if fifo and size > largest:
        validator.add("batch_size", f"must be at most {largest} on a FIFO inbox, got {size}; lower it")
    elif size > largest and not window:
        text = f"must be at most {largest} without a window, got {size}; set batch_window_seconds to at least 1"
        validator.add("batch_size", text)
    return BatchSpec(
        size=size,
        window_seconds=window,
        report_item_failures=validator.boolean(
            "report_batch_item_failures", given.get("report_batch_item_failures", True)
        ),
        maximum_receives=validator.integer_in(
            "maximum_receives", given.get("maximum_receives", MAXIMUM_RECEIVES), limits["maximum_receives"]
        ),
    )

"""Workarounds for the Pulumi SDK; the only module that uses its private names.

`start_registrations`: if no registration has started when a program ends, the SDK waits for all outputs instead. It
iterates over all pending outputs whenever one resolves (pulumi 3.272, runtime/stack.py, wait_for_rpcs), which is
quadratic in the number of resources. pulumi/pulumi#15744 introduced it; pulumi/pulumi#16055 is about its memory, and no
issue is about its time. `make bench BENCH=preview` shows whether it is still needed.
"""

import asyncio

from pulumi.runtime.sync_await import _sync_await


def start_registrations() -> None:
    """Run the event loop for a moment, so that the requested registrations start."""
    _sync_await(asyncio.sleep(0))

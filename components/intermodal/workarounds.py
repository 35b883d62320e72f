"""Workarounds for the Pulumi SDK; the only module that touches its private names.

`start_registrations`: where no registration has begun when a program ends, the SDK waits for every output instead. It
walks through all that are pending whenever one is done (pulumi 3.272, runtime/stack.py, wait_for_rpcs), which is
quadratic in the resources. pulumi/pulumi#15744 brought that; pulumi/pulumi#16055 is about its memory, and no issue is
about its time. `make bench BENCH=preview` shows whether it is still needed.
"""

import asyncio

from pulumi.runtime.sync_await import _sync_await


def start_registrations() -> None:
    """Run the event loop for a moment, so that the registrations asked for so far begin."""
    _sync_await(asyncio.sleep(0))

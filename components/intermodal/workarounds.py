"""Work around limitations of the Pulumi SDK; no other module uses its private names.

`start_registrations`: if no registration has started when a program ends, the SDK waits for all outputs instead. It
iterates over all pending outputs whenever one resolves (pulumi 3.272, runtime/stack.py, wait_for_rpcs), so the time is
quadratic in the number of resources. pulumi/pulumi#15744 introduced this behavior. pulumi/pulumi#16055 covers its
memory use; no issue covers its time. Run `make bench BENCH=preview` to see whether the workaround is still needed.
"""

import asyncio

from pulumi.runtime.sync_await import _sync_await


def start_registrations() -> None:
    """Run one iteration of the event loop, so that the requested registrations start."""
    _sync_await(asyncio.sleep(0))

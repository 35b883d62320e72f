"""Run each async test in its own event loop, and serve the Runtime API to it."""

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest

from tests.runtime.harness import Harness, run, serving


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test with a time limit of 30 s."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    run(_call(pyfuncitem.obj, {name: pyfuncitem.funcargs[name] for name in names}))
    return True


async def _call(test: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Call a test; enter its fixtures that are async context managers."""
    async with contextlib.AsyncExitStack() as stack:
        for name, value in arguments.items():
            if isinstance(value, contextlib.AbstractAsyncContextManager):
                arguments[name] = await stack.enter_async_context(value)
        await test(**arguments)


@pytest.fixture
def harness() -> contextlib.AbstractAsyncContextManager[Harness]:
    """Serve a `RuntimeApi` with the defaults; async tests get the `Harness`."""
    return serving()

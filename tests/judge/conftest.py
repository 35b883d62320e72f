"""Register every rendering, once per worker."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from intermodal.testing import Mocks
from tests.conftest import Session
from tests.judge.definitions import Rendering
from tests.judge.renderings import RENDERINGS

SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key with which Pulumi marks a secret in a map (pulumi sdk, Property values)."""

Registered = Mapping[str, Any]


@pytest.fixture(scope="package")
def registrations() -> Iterator[Mapping[str, Mocks]]:
    """Return what each rendering registers, by its name."""
    session = Session()
    found = {}
    for rendering in RENDERINGS:
        found[rendering.name] = mocks = Mocks()
        session.run(rendering.program, mocks, rendering.project, rendering.stack)
    yield found
    session.close()


@pytest.fixture(params=RENDERINGS, ids=lambda rendering: rendering.name)
def rendered(request: pytest.FixtureRequest, registrations: Mapping[str, Mocks]) -> Mocks:
    """Return what one rendering registers."""
    rendering: Rendering = request.param
    return registrations[rendering.name]


def unmark_secrets(value: Any) -> Any:
    """Return a value without Pulumi's secret markers."""
    if isinstance(value, Mapping):
        return (
            unmark_secrets(value["value"])
            if SECRET_SIGNATURE in value
            else {k: unmark_secrets(v) for k, v in value.items()}
        )
    return [unmark_secrets(item) for item in value] if isinstance(value, list) else value

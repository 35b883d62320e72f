"""Provide an ECS agent for the protection and usage tests."""

from collections.abc import Iterator

import pytest

from tests.runtime.consumer.agent import Agent, serving_agent


@pytest.fixture
def agent() -> Iterator[Agent]:
    """Run an ECS agent."""
    with serving_agent() as made:
        yield made

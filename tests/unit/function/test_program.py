"""A program's state is shared by its functions, but not with another program."""

from collections import Counter
from typing import Any

import pulumi
import pytest

from intermodal import ContainerFunction, workarounds
from tests.conftest import IMAGE, Cloud, Session

DEFINITION: Any = {"image": IMAGE, "target": "lambda"}


class CountingCloud(Cloud):
    """Mocks that count invokes."""

    def __init__(self) -> None:
        super().__init__()
        self.invokes: Counter[str] = Counter()

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        """Count the call and return its result."""
        self.invokes[args.token] += 1
        return super().call(args)


def two_functions() -> None:
    """Declare two functions in one account."""
    ContainerFunction("one", DEFINITION)
    ContainerFunction("two", DEFINITION)


def test_functions_in_one_program_share_invokes(session: Session) -> None:
    for _ in range(2):  # a second program in the same process repeats the invokes
        cloud = CountingCloud()
        session.run(two_functions, cloud)
        assert cloud.invokes == {
            "aws:index/getCallerIdentity:getCallerIdentity": 1,
            "aws:index/getRegion:getRegion": 1,
        }


def test_registrations_are_started_once_per_program(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[None] = []
    monkeypatch.setattr(workarounds, "start_registrations", lambda: started.append(None))
    session.run(two_functions, Cloud())
    assert len(started) == 1

"""Receives are counted as CloudWatch does, for as long as an alarm looks back."""

from local.aws.receives import Receives


def test_messages_and_empty_receives_are_counted_apart() -> None:
    now = 100.0
    receives = Receives(lambda: now)
    for messages in (3, 0, 0, 1):
        receives.note("queue", messages)
    receives.note("other", 5)
    assert (receives.messages("queue", 8), receives.empty("queue", 20)) == (4, 2)


def test_older_receives_do_not_count() -> None:
    clock = [100.0]
    receives = Receives(lambda: clock[0])
    receives.note("queue", 3)
    clock[0] += 10
    receives.note("queue", 0)
    assert receives.messages("queue", 8) == 0
    assert receives.messages("queue", 20) == 3

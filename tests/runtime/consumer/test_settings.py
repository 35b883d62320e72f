"""Rows B7, B9 and B11 of the contract: calculations that need no queue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intermodal_runtime.consumer.settings import ConsumerSettings, cap_retry_pauses, cap_visibility, retry_after


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"batch_size": 11},
            "batch_size must be from 1 to 10, got 11; more than 10 requires window_seconds of at least 1",
        ),
        ({"batch_size": 10_001, "window_seconds": 5}, "batch_size must be from 1 to 10000, got 10001"),
        ({"batch_size": 0}, "batch_size must be from 1 to 10, got 0"),
        ({"batch_size": 11, "fifo": True}, "a FIFO queue allows 10"),
        ({"window_seconds": 1, "fifo": True}, "window_seconds must be 0 on a FIFO queue"),
        ({"window_seconds": 301}, "window_seconds must be from 0 to 300, got 301"),
        ({"lease_seconds": 2}, "lease_seconds must be from 3 to 43140, got 2"),
        ({"poll_seconds": 21}, "poll_seconds must be from 0 to 20, got 21"),
        ({"retry_seconds": 0}, "retry_seconds must be from 1 to longest_retry_seconds, got 0 and 900"),
    ],
)
def test_settings_invalid_for_a_mapping_are_refused(settings: dict[str, int], message: str) -> None:
    """Covers B7 and B15."""
    with pytest.raises(ValueError, match="ConsumerSettings") as caught:
        ConsumerSettings(**settings)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_ten_thousand_with_a_window_are_accepted() -> None:
    """Covers B7."""
    assert ConsumerSettings(batch_size=10_000, window_seconds=1).batch_size == 10_000


@given(st.floats(0, 50_000), st.integers(1, 43_200))
def test_visibility_never_exceeds_twelve_hours_from_receive(held: float, wanted: int) -> None:
    """B9: it is 12 h minus the elapsed time minus one minute, in whole seconds."""
    given_ = cap_visibility(held, wanted)
    assert 0 <= given_ <= wanted
    assert given_ == 0 or held + given_ <= 43_140
    assert given_ == wanted or 43_140 - (held + given_) <= 1 or held > 43_139


def test_retry_delay_grows_and_is_never_zero() -> None:
    """Covers B11."""
    pauses = [retry_after(count, ConsumerSettings(retry_seconds=10)) for count in (0, 1, 2, 3, 7, 8, 1000)]
    assert pauses == [10, 10, 20, 40, 640, 900, 900]


@pytest.mark.parametrize(
    ("timeout", "pauses"),
    [(5, [10, 20, 30, 30]), (1, [6, 6, 6, 6]), (0.1, [1, 1, 1, 1]), (60, [10, 20, 40, 80]), (7200, [10, 20, 40, 80])],
)
def test_no_retry_waits_longer_than_on_lambda(timeout: float, pauses: list[int]) -> None:
    """F7: on Lambda, each retry waits for six times the timeout."""
    first, longest = cap_retry_pauses(10, 900, timeout)
    settings = ConsumerSettings(retry_seconds=first, longest_retry_seconds=longest)
    assert [retry_after(count, settings) for count in (1, 2, 3, 4)] == pauses
    assert all(pause <= max(1, 6 * timeout) for pause in pauses)

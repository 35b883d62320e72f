"""Parts of the adapter work that can be tested without a process."""

from intermodal_runtime import adapter as adapter_module


def test_task_lifetime_is_shortened_at_random() -> None:
    """B4: otherwise all tasks started in a burst would exit at the same time."""
    seen = {round(adapter_module._choose_lifetime(14_400, 3_600)) for _ in range(50)}
    assert len(seen) > 10
    assert all(10_800 <= seconds <= 14_400 for seconds in seen)
    assert adapter_module._choose_lifetime(0, 3_600) == 0

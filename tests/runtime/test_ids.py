"""IDs are UUIDs, and unique across servers."""

import re
import uuid

from intermodal_runtime.ids import Ids


def test_ids_are_unique_within_and_between_servers() -> None:
    made = [Ids() for _ in range(20)]
    ids = [each for one in made for _ in range(200) for each in one.next_ids()[:2]]
    assert len(set(ids)) == len(ids)
    for each in ids:
        assert str(uuid.UUID(each)) == each
        assert uuid.UUID(each).version == 8


def test_trace_header_is_complete() -> None:
    traces = {Ids().next_ids()[2] for _ in range(50)}
    assert len(traces) == 50
    assert all(re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0", trace) for trace in traces)

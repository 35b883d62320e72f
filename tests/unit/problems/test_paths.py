"""Problems have paths that editors and CI can follow."""

import pytest

from intermodal.problems.errors import Problem, join_path


@pytest.mark.parametrize(
    ("path", "key", "joined"),
    [
        ("", "target", "target"),
        ("sources[1].bus", "pattern", "sources[1].bus.pattern"),
        ("pattern", "$or", "pattern.$or"),
        ("environment", "MY VAR", 'environment["MY VAR"]'),
        ("pattern", "detail.type", 'pattern["detail.type"]'),
        ("environment", 'a"b', 'environment["a\'b"]'),
        ("", "two words", 'definition["two words"]'),
        ("", "intermodal:placment", "intermodal:placment"),
    ],
)
def test_keys_are_joined_to_a_path(path: str, key: str, joined: str) -> None:
    assert join_path(path, key) == joined
    assert Problem(path=joined, text="is wrong").path == joined


@pytest.mark.parametrize("prose", ["", "the inbox's policy", 'lane "main": target', "sources[x]", "sources.", "a b"])
def test_prose_is_refused_as_a_path(prose: str) -> None:
    with pytest.raises(ValueError, match="is not a path in a definition"):
        Problem(path=prose, text="is wrong")

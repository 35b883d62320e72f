"""Names that appear in a policy are valid and unique."""

import re

from hypothesis import given
from hypothesis import strategies as st

from intermodal import naming

names = st.from_regex(r"[a-z][a-z0-9-]{0,90}", fullmatch=True)


@given(names, st.integers(min_value=20, max_value=64))
def test_long_names_are_shortened_and_short_ones_kept(name: str, limit: int) -> None:
    fitted = naming.shorten(name, limit)
    assert len(fitted) <= limit
    assert (fitted == name) == (len(name) <= limit)


@given(names, names)
def test_shortened_names_do_not_collide(one: str, other: str) -> None:
    long, longer = f"{'x' * 60}{one}", f"{'x' * 60}{other}"
    assert (naming.shorten(long, 40) == naming.shorten(longer, 40)) == (one == other)


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_.-]{0,70}", fullmatch=True), names)
def test_kubernetes_names_are_valid_labels(project: str, stack: str) -> None:
    name = naming.kubernetes(project, stack, "thumbnails-for-everybody-abcde", "main")
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name)


def test_names_differing_in_case_do_not_collide_in_kubernetes() -> None:
    one, other = (naming.kubernetes(project, "dev", "scan", "main") for project in ("Shop", "shop"))
    assert one != other == "shop-dev-scan-main"


def test_stack_with_a_dot_gets_a_valid_lambda_name() -> None:
    with_dot, with_dash = (naming.lambda_function("shop", stack, "scan", "main") for stack in ("v1.2", "v1-2"))
    assert with_dot.startswith("shop-v1-2-scan-main-")
    assert with_dash == "shop-v1-2-scan-main"

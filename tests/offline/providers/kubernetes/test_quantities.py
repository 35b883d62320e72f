"""Every quantity that the library sends to Kubernetes has the format that an API server stores."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from intermodal import Platform
from intermodal.platform import quantity
from intermodal_offline.providers.kubernetes import compare
from tests.conftest import Cloud, Run
from tests.unit.targets.kubernetes_lane import OIDC, function

NAMES = {"cpu", "memory", "ephemeral-storage", "nominalQuota", "sizeLimit", "storage", "pods"}
DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
FORM = re.compile(r"(\d+)([numkMGTPE]|[KMGTPE]i)?")


def canonical(text: Any) -> str:
    """Format a quantity as resource.Quantity does: an integer with the largest suffix, not a binary one below 1024."""
    found = FORM.fullmatch(str(text))
    assert found, text
    number, suffix = int(found[1]), found[2] or ""
    if suffix in BINARY and (amount := number << BINARY[suffix]) >= 1024:
        best = max((power, name) for name, power in BINARY.items() if amount % (1 << power) == 0)
        return f"{amount >> best[0]}{best[1]}"
    amount_decimal = number * Decimal(10) ** DECIMAL[suffix]
    whole = [(power, name) for name, power in DECIMAL.items() if amount_decimal % (Decimal(10) ** power) == 0]
    power, name = max(whole)
    return f"{int(amount_decimal / Decimal(10) ** power)}{name}"


def find_quantities(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every leaf under a key that holds quantities."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in NAMES and not isinstance(inner, dict | list):
                yield f"{path}.{name}", inner
            yield from find_quantities(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from find_quantities(inner, f"{path}[{index}]")


def find_non_canonical(made: Cloud) -> dict[str, Any]:
    """Return the quantities that an API server would store in a different format."""
    return {
        f"{key}{path}": value
        for key, args in made.resources.items()
        if key.startswith("kubernetes:")
        for path, value in find_quantities(args.inputs)
        if not isinstance(value, str) or value != canonical(value)
    }


@pytest.mark.parametrize("pods", [1, 4, 1000, 12_000, 1234])
def test_quota_is_canonical(cloud: Run, pods: int) -> None:
    existing = {"kubeconfig": "{}", "oidc_provider_arn": OIDC}
    args: Any = {"adapter": {"uri": "r/a:1"}, "kubernetes": {"existing": existing, "maximum_pods": pods}}
    assert find_non_canonical(cloud(lambda: Platform("p", args))) == {}


@pytest.mark.parametrize("memory_mib", [128, 512, 1024, 1769, 2048, 3008, 10_240])
@pytest.mark.parametrize("vcpu", [0.25, 1, 2, 3.5])
def test_pod_resources_are_canonical(cloud: Run, memory_mib: int, vcpu: float) -> None:
    assert find_non_canonical(function(cloud, memory_mib=memory_mib, vcpu=vcpu)) == {}


@pytest.mark.parametrize(
    ("given", "stored"),
    [("1000m", "1"), ("1500m", "1500m"), ("1024Mi", "1Gi"), ("1000000", "1M"), ("1000", "1k"), ("512Mi", "512Mi")],
)
def test_non_canonical_quantities_are_detected(given: str, stored: str) -> None:
    assert canonical(given) == stored


@pytest.mark.parametrize(("given", "stored"), [("1000m", "1"), ("4", 4), ("1Gi", "1024Mi")])
def test_refresh_takes_the_stored_form(given: Any, stored: Any) -> None:
    """The official plugin compares strings and types; a program with other formats would always show a diff."""
    inputs, live = ({"spec": {"limits": {"cpu": value}}} for value in (given, stored))
    assert compare.refresh(inputs, live) == live
    assert [change.path for change in compare.changes(live, inputs)] == ["spec.limits.cpu"]


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1, "1"), (1000, "1k"), (1_000_000, "1M"), (1500, "1500")])
def test_counts_use_the_largest_suffix(number: int, text: str) -> None:
    assert quantity.format_count(number) == text

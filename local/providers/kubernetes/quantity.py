"""When two texts mean the same amount: 1000m and 1, 1024Mi and 1Gi."""

import re
from decimal import Decimal
from typing import Any

SUFFIXES = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1), "k": Decimal(10**3),
    "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12), "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}  # fmt: skip
FORM = re.compile(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:[eE]([+-]?\d+))?([numkMGTPE]|[KMGTPE]i)?")


def amount(value: Any) -> Decimal | None:
    """The number that a quantity stands for; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    found = FORM.fullmatch(str(value))
    if not found:
        return None
    number, exponent, suffix = found.groups()
    return Decimal(number).scaleb(int(exponent or 0)) * SUFFIXES[suffix or ""]


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same to the API server."""
    if one == other:
        return True
    first = amount(one)
    return first is not None and first == amount(other) and {type(one), type(other)} != {int, float}

"""Format Kubernetes quantities in canonical form.

API servers, and controllers that update objects, store 1000m as 1 and 2048Mi as 2Gi (API reference, Quantity). The
Kubernetes provider compares strings, so any other form shows a diff on every refresh.
"""

DECIMAL = ("", "k", "M", "G", "T", "P", "E")
BINARY = ("Mi", "Gi", "Ti", "Pi", "Ei")


def format_count(number: int) -> str:
    """Format an integer, such as a number of pods or cores."""
    return _scale(number, 1000, DECIMAL)


def format_millicores(number: int) -> str:
    """Format a number of millicores."""
    return f"{number}m" if number % 1000 else format_count(number // 1000)


def format_mebibytes(number: int) -> str:
    """Format an amount of memory in MiB."""
    return _scale(number, 1024, BINARY)


def _scale(number: int, step: int, suffixes: tuple[str, ...]) -> str:
    power = 0
    while number and number % step == 0 and power < len(suffixes) - 1:
        number, power = number // step, power + 1
    return f"{number}{suffixes[power]}" if number else "0"

"""Evaluate metric math in alarms, independently of the emulator (CloudWatch user guide, "Using math expressions")."""

from collections.abc import Mapping

Value = float | None


def evaluate(expression: str, metrics: Mapping[str, Value]) -> Value:
    """Return an expression's value, or None if it needs a metric that has no data."""
    names = {"IF": _if, "FILL": _fill, **metrics}
    try:
        return float(eval(expression.replace("&&", " and "), {"__builtins__": {}}, names))  # noqa: S307 - our own alarms
    except TypeError:
        return None


def _if(condition: float, then: Value, otherwise: Value) -> Value:
    return then if condition else otherwise


def _fill(metric: Value, filling: float) -> Value:
    return filling if metric is None else metric

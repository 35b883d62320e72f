"""Evaluate a subset of CloudWatch metric math for queue alarms: numbers, operators, metrics, IF, FILL, MAX, MIN, SUM.

Source: "Using math expressions with CloudWatch metrics" in the CloudWatch user guide. The value of a metric without
data, and of an expression that uses it, is None; FILL replaces None with a value.
"""

import ast
import functools
import operator
from collections.abc import Callable, Mapping

Value = float | None

OPERATORS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.And: lambda a, b: float(bool(a) and bool(b)),
    ast.Or: lambda a, b: float(bool(a) or bool(b)),
}
LISTS: dict[str, Callable[[list[float]], float]] = {"MAX": max, "MIN": min, "SUM": sum}


class UnknownMathError(ValueError):
    """The expression is not supported; the message contains the unsupported part."""


def evaluate(expression: str, metrics: Mapping[str, Value]) -> Value:
    """Return an expression's value; `metrics` contains the metric values by ID.

    Raises:
        UnknownMathError: the expression is not in the supported subset.
    """
    return _value(_parse(expression), metrics)


@functools.cache
def _parse(expression: str) -> ast.expr:
    text = expression.replace("&&", " and ").replace("||", " or ")
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise UnknownMathError(f"{expression!r} is not a supported expression") from error


def _value(node: ast.AST, metrics: Mapping[str, Value]) -> Value:  # noqa: PLR0911 - each case returns
    match node:
        case ast.Constant(value=bool() | int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in metrics:
            return metrics[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _value(operand, metrics)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=kind, right=right):
            return _both(kind, _value(left, metrics), _value(right, metrics))
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            return _both(kind, _value(left, metrics), _value(right, metrics))
        case ast.BoolOp(op=kind, values=[first, *rest]):
            found = _value(first, metrics)
            for other in rest:
                found = _both(kind, found, _value(other, metrics))
            return found
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, arguments, metrics)
    raise UnknownMathError(f"{ast.unparse(node)!r} is not supported")


def _both(kind: ast.AST, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if isinstance(kind, ast.Div):
        return left / right if right else None  # CloudWatch omits a data point that divides by zero
    if type(kind) not in OPERATORS:
        raise UnknownMathError(f"the operator {type(kind).__name__} is not supported")
    return float(OPERATORS[type(kind)](left, right))


def _call(name: str, arguments: list[ast.expr], metrics: Mapping[str, Value]) -> Value:
    match name, arguments:
        case "IF", [condition, then, *otherwise]:
            is_true = _value(condition, metrics)
            if is_true:
                return _value(then, metrics)
            return _value(otherwise[0], metrics) if otherwise and is_true is not None else None
        case "FILL", [metric, filling]:
            found = _value(metric, metrics)
            return _value(filling, metrics) if found is None else found
        case (("MAX" | "MIN" | "SUM"), [ast.List(elts=elements)]):
            values = [value for element in elements if (value := _value(element, metrics)) is not None]
            return float(LISTS[name](values)) if values else None
    raise UnknownMathError(f"{name} with {len(arguments)} arguments is not supported")


def names(expression: str) -> set[str]:
    """Return the metric IDs and function names in an expression."""
    return {node.id for node in ast.walk(_parse(expression)) if isinstance(node, ast.Name)}

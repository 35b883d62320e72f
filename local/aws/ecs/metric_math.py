"""The part of CloudWatch's metric math that alarms on queues use: numbers, metrics, IF, FILL, MAX, MIN, SUM.

See "Using math expressions with CloudWatch metrics" in its guide. A metric without data is None, and so is what needs
it; FILL gives it a value.
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
    """An expression that is not done here; the text says what of it."""


def evaluate(expression: str, metrics: Mapping[str, Value]) -> Value:
    """The value of an expression over metrics by id.

    Raises:
        UnknownMathError: it uses something else.
    """
    return _value(_parsed(expression), metrics)


@functools.cache
def _parsed(expression: str) -> ast.expr:
    text = expression.replace("&&", " and ").replace("||", " or ")
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise UnknownMathError(f"{expression!r} is no expression that is understood here") from error


def _value(node: ast.AST, metrics: Mapping[str, Value]) -> Value:  # noqa: PLR0911 - one case each
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
            return _called(name, arguments, metrics)
    raise UnknownMathError(f"{ast.unparse(node)!r} is not understood here")


def _both(kind: ast.AST, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    if isinstance(kind, ast.Div):
        return left / right if right else None  # CloudWatch leaves the point out
    if type(kind) not in OPERATORS:
        raise UnknownMathError(f"the operator {type(kind).__name__} is not understood here")
    return float(OPERATORS[type(kind)](left, right))


def _called(name: str, arguments: list[ast.expr], metrics: Mapping[str, Value]) -> Value:
    match name, arguments:
        case "IF", [condition, then, *otherwise]:
            asked = _value(condition, metrics)
            if asked:
                return _value(then, metrics)
            return _value(otherwise[0], metrics) if otherwise and asked is not None else None
        case "FILL", [metric, filling]:
            found = _value(metric, metrics)
            return _value(filling, metrics) if found is None else found
        case (("MAX" | "MIN" | "SUM"), [ast.List(elts=elements)]):
            values = [value for element in elements if (value := _value(element, metrics)) is not None]
            return float(LISTS[name](values)) if values else None
    raise UnknownMathError(f"{name} with {len(arguments)} arguments is not understood here")


def names(expression: str) -> set[str]:
    """Ids of metrics (and names of functions) in an expression."""
    return {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}

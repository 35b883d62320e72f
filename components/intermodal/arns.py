"""Parse ARNs and concatenate Outputs, including with mocks that return no ARN.

Pulumi's documented mocks return only the inputs, so `arn` is None. These functions then return empty parts instead of
failing, and the program can still register its resources.
"""

from typing import NamedTuple

from pulumi import Input, Output


class Arn(NamedTuple):
    """Parts of `arn:{partition}:{service}:{region}:{account}:{rest}` (IAM user guide, Amazon Resource Names)."""

    partition: str
    service: str
    region: str
    account: str
    rest: str


def parse(arn: str | None) -> Arn:
    """Return the parts of an ARN; missing parts are empty."""
    parts = (arn or "").split(":", 5)[1:]
    return Arn(*[*parts, "", "", "", "", ""][:5])


def name_of(arn: str | None) -> str:
    """Return the name of a queue or topic: the part of its ARN after the account ID."""
    return parse(arn).rest


def concat(*parts: Input[str]) -> Output[str]:
    """Concatenate strings and Outputs; treat an Output that resolves to None as an empty string."""
    return Output.all(*parts).apply(lambda known: "".join("" if part is None else str(part) for part in known))

"""Parse ARNs and concatenate Outputs, even under mocks that return no ARN.

Pulumi's documented mocks return the inputs only, so `arn` is None. Nothing here fails in that case: the parts are
empty, and the program still registers its resources.
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
    """Return the name of a queue or topic: everything after the account."""
    return parse(arn).rest


def concat(*parts: Input[str]) -> Output[str]:
    """Concatenate strings and Outputs; an Output that resolves to None counts as empty."""
    return Output.all(*parts).apply(lambda known: "".join("" if part is None else str(part) for part in known))

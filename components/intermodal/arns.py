"""Parts of ARNs and texts made of outputs, also where a unit test's mocks give no ARN.

Pulumi's documented mocks return the inputs alone, so an `arn` is None there. Nothing here fails for that: the parts are
empty, and the resources of the program are still registered.
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
    """Return the parts of an ARN; what it lacks is empty."""
    parts = (arn or "").split(":", 5)[1:]
    return Arn(*[*parts, "", "", "", "", ""][:5])


def name_of(arn: str | None) -> str:
    """Return the name of a queue or a topic, which is all that follows the account."""
    return parse(arn).rest


def concat(*parts: Input[str]) -> Output[str]:
    """Return texts and outputs as one text; an output that is None counts as empty."""
    return Output.all(*parts).apply(lambda known: "".join("" if part is None else str(part) for part in known))

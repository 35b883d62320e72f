"""A target whose word is known and whose consumer is not built yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import ResourceOptions

from intermodal.errors import DefinitionError, Problem
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.targets.contract import LaneContext, TargetOutputs


@dataclass(frozen=True, kw_only=True)
class PendingTarget:
    """Refuses every definition in one sentence."""

    word: str
    principals: Sequence[str] = ()

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:  # noqa: ARG002 - the contract's
        """The one sentence."""
        return [
            Problem(
                path=f'lane "{lane.name}": target',
                text=f"{self.word} is not there yet in this version; use target lambda",
            )
        ]

    def gate(self, function: FunctionSpec) -> FunctionSpec:
        """Nothing to gate: `check` refuses first."""
        return function

    def deploy(self, context: LaneContext, opts: ResourceOptions) -> TargetOutputs:  # noqa: ARG002 - the contract's
        """Never reached: `check` refuses first."""
        raise DefinitionError(context.function.subject, self.check(context.function, context.lane))

"""The interface of a target: three modules of its folder. Nothing here knows which targets exist."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from pulumi import Output, ResourceOptions

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check

if TYPE_CHECKING:  # checks import no provider SDK
    from intermodal.deployed.run_result import RunResult
    from intermodal.deployed.stack import DeployedLane
    from intermodal.targets.context import LaneContext

TargetOutputs = Mapping[str, Output[Any]]


class Checks(Protocol):
    """`check.py`: what a definition must meet. Pure: it imports no provider SDK."""

    @property
    def TRUSTED(self) -> str:  # noqa: N802 - a constant of the module
        """What the role must trust: the name of a service, or `oidc`."""

    def trust(self, platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
        """Return the statement of a role that trusts the target; None if `platform` does not offer it.

        `service_accounts` is the pattern of the ServiceAccounts of the function's lanes.
        """

    def value_checks(self, function: FunctionSpec) -> Mapping[str, Check]:
        """Return a check by field of the spec, for values that may be known only later."""

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """Return what else of this definition the target cannot honour."""


class Deployment(Protocol):
    """`deploy.py`: the resources of a lane."""

    def deploy(self, context: "LaneContext", opts: ResourceOptions) -> TargetOutputs:
        """Create the consumer. Pass `opts` to every child; depend on `context.ready`."""


class Runner(Protocol):
    """`run.py`: one event for `intermodal run`."""

    def run(self, lane: "DeployedLane", event: str) -> "RunResult":
        """Run an event, as JSON, without the inbox, and return the handler's answer."""

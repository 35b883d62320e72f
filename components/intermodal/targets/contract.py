"""The interface that every target implements, in three modules. Nothing here depends on which targets exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pulumi import Output, ResourceOptions

from intermodal.definition.spec import FunctionSpec, LaneSpec
from intermodal.identity.trust import TrustSpec
from intermodal.platform.facts import PlatformFacts
from intermodal.problems.errors import Problem
from intermodal.problems.validation import Check

if TYPE_CHECKING:  # checks must not import a provider SDK
    from intermodal.deployed.run_result import RunResult
    from intermodal.deployed.stack import DeployedLane
    from intermodal.targets.context import LaneContext


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """What a target created for a lane."""

    outputs: Mapping[str, Output[Any]]
    """Values that commands and other programs read, by name."""
    resources: object
    """The resources themselves, in a class of the target, such as LambdaResources; for programs that add to them."""


class Checks(Protocol):
    """Interface that `check.py` implements: it validates a definition and imports no provider SDK."""

    @property
    def TRUSTED(self) -> str:  # noqa: N802 - a constant of the module
        """Principal that the role must trust: a service name, or `oidc`."""

    def trust(self, platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
        """Return the target's trust statement; None if `platform` does not offer it.

        `service_accounts` is the pattern for the ServiceAccounts of the function's lanes.
        """

    def value_checks(self, function: FunctionSpec) -> Mapping[str, Check]:
        """Return checks by spec field, for values that may be unknown during preview."""

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """Return the problems with everything else in the definition that the target does not support."""


class Deployment(Protocol):
    """Interface that `deploy.py` implements: it creates a lane's resources."""

    def deploy(self, context: "LaneContext", opts: ResourceOptions) -> Consumer:
        """Create the consumer. Pass `opts` to every child; depend on `context.ready`."""


class Runner(Protocol):
    """Interface that `run.py` implements: it runs one event for `intermodal run`."""

    def run(self, lane: "DeployedLane", event: str) -> "RunResult":
        """Run an event, as JSON, bypassing the inbox, and return the handler's response."""

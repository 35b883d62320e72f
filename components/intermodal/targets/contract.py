"""The target interface: three modules of its folder. Nothing here knows which targets exist."""

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
    """Interface of `check.py`, which validates a definition and imports no provider SDK."""

    @property
    def TRUSTED(self) -> str:  # noqa: N802 - a constant of the module
        """Principal that the role must trust: the name of a service, or `oidc`."""

    def trust(self, platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
        """Return the trust statement of the target; None if `platform` does not offer it.

        `service_accounts` is the pattern of the ServiceAccounts of the function's lanes.
        """

    def value_checks(self, function: FunctionSpec) -> Mapping[str, Check]:
        """Return checks by field of the spec, for values that may be unknown in a preview."""

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """Return everything else in the definition that the target does not support."""


class Deployment(Protocol):
    """Interface of `deploy.py`, which creates the resources of a lane."""

    def deploy(self, context: "LaneContext", opts: ResourceOptions) -> TargetOutputs:
        """Create the consumer. Pass `opts` to every child; depend on `context.ready`."""


class Runner(Protocol):
    """Interface of `run.py`, which runs one event for `intermodal run`."""

    def run(self, lane: "DeployedLane", event: str) -> "RunResult":
        """Run an event, as JSON, without the inbox, and return the handler's answer."""

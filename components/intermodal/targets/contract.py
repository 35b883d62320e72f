"""Define the interface that every target implements in three modules. It does not depend on specific targets."""

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
    """Outputs and resources that a target created for a lane."""

    outputs: Mapping[str, Output[Any]]
    """Values for CLI commands and other programs, by name."""
    resources: object
    """The resources in the target's class, such as LambdaResources, for programs that extend them."""


class Checks(Protocol):
    """Interface of `check.py`, which validates definitions and must not import a provider SDK."""

    @property
    def TRUSTED(self) -> str:  # noqa: N802 - a constant in the module
        """Principal that the role must trust: a service name, or `oidc`."""

    def trust(self, platform: PlatformFacts | None, service_accounts: str) -> TrustSpec | None:
        """Return the target's trust statement, or None if `platform` does not offer the target.

        `service_accounts` is a pattern that matches the ServiceAccounts of the function's lanes.
        """

    def value_checks(self, function: FunctionSpec) -> Mapping[str, Check]:
        """Return checks by spec field, for values that may be unknown in a preview."""

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """Return problems with all other parts of the definition that the target does not support."""


class Deployment(Protocol):
    """Interface of `deploy.py`, which creates a lane's resources."""

    def deploy(self, context: "LaneContext", opts: ResourceOptions) -> Consumer:
        """Create the consumer; pass `opts` to all child resources, and depend on `context.ready`."""


class Runner(Protocol):
    """Interface of `run.py`, which runs one event for `intermodal run`."""

    def run(self, lane: "DeployedLane", event: str) -> "RunResult":
        """Run a JSON event, bypassing the inbox, and return the handler's response."""

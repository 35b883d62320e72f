"""What functions call, and where the network of their platform does not lead them."""

import json
from collections.abc import Collection

import pulumi
from pulumi import Input, Output, Resource

from intermodal.function.spec import FunctionSpec
from intermodal.identity.links import link_actions
from intermodal.network.spec import EVERY_SERVICE, endpoint_services

HANGING = "calls of its handler hang"
"""What comes of a service that nothing leads to."""


def called_services(function: FunctionSpec) -> set[str]:
    """Services with an interface endpoint that a link can lead to, and a link or `permissions` of this function do.

    Others are left alone: a permission on KMS, say, is used by other services in the function's name.
    """
    rows = [row for accesses in link_actions().values() for statements in accesses.values() for row in statements]
    linkable = {_service(action) for row in rows for action in row["actions"]} - set(endpoint_services()["gateway"])
    return {_service(action) for statement in function.permissions for action in statement["actions"]} & linkable


def _service(action: str) -> str:
    """`ssm` of `ssm:GetParameter`: of all services of links the name of their endpoint, too."""
    return action.partition(":")[0]


def warn_of_unreached(
    function: FunctionSpec, services: Input[Collection[str]], consequence: str, resource: Resource | None
) -> None:
    """Warn in the preview where the network of the function's platform leads to none of these services.

    Not refused: endpoints that others made in the VPC are not known here.
    """
    if function.platform is None:
        return

    def look(known: list[Collection[str]]) -> None:
        reachable, wanted = known
        missing = sorted(set(wanted) - set(reachable))
        if EVERY_SERVICE in reachable or not missing:
            return
        pulumi.warn(
            f"{function.subject}: the network of its platform leads to none of {', '.join(missing)}, so that "
            f'{consequence}; give that network endpoints: {json.dumps(missing)}, or nat: "single".',
            resource,
        )

    Output.all(function.platform["reachable_services"], services).apply(look)

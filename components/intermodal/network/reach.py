"""Warn where the network of a platform does not lead functions to what they call."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pulumi
from pulumi import Input, Output, Resource

from intermodal.identity.links import load_link_actions
from intermodal.network.spec import EVERY_SERVICE, gateway_services

HANGING = "calls of its handler hang"
"""Consequence of a service that the network does not lead to."""


def list_called_services(permissions: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the services that these permissions call, of those with an interface endpoint that a link can lead to.

    Others are left alone: a permission on KMS, say, is used by other services in the function's name.
    """
    rows = [row for accesses in load_link_actions().values() for statements in accesses.values() for row in statements]
    linkable = {_service_of(action) for row in rows for action in row["actions"]} - set(gateway_services())
    return {_service_of(action) for statement in permissions for action in statement["actions"]} & linkable


def _service_of(action: str) -> str:
    """Return `ssm` for `ssm:GetParameter`; it is the name of the service's endpoint too."""
    return action.partition(":")[0]


def warn_if_unreachable(
    subject: str,
    reachable_services: Input[Collection[str]],
    services: Input[Collection[str]],
    consequence: str,
    resource: Resource | None,
) -> None:
    """Warn in the preview if `services` has some that the network does not lead to.

    Not refused: endpoints that others made in the VPC are not known here.
    """

    def compare(known: list[Collection[str]]) -> None:
        reachable, wanted = known
        missing = sorted(set(wanted) - set(reachable))
        if EVERY_SERVICE in reachable or not missing:
            return
        pulumi.warn(
            f"{subject}: the network of its platform leads to none of {', '.join(missing)}, so that "
            f'{consequence}; give that network endpoints: {json.dumps(missing)}, or nat: "single".',
            resource,
        )

    Output.all(reachable_services, services).apply(compare)

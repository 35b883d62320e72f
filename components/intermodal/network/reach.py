"""Warn about services that functions call and the platform's network does not reach."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pulumi
from pulumi import Input, Output, Resource

from intermodal.identity.links import load_link_actions
from intermodal.network.spec import EVERY_SERVICE, gateway_services

HANGING = "calls from the handler hang"
"""Consequence of an unreachable service."""


def list_called_services(permissions: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the services that these permissions call, limited to linkable services with an interface endpoint.

    Other permissions, such as those on KMS, are used by other services on behalf of the function.
    """
    rows = [row for accesses in load_link_actions().values() for statements in accesses.values() for row in statements]
    linkable = {_service_of(action) for row in rows for action in row["actions"]} - set(gateway_services())
    return {_service_of(action) for statement in permissions for action in statement["actions"]} & linkable


def _service_of(action: str) -> str:
    """Return the service of an action, `ssm` for `ssm:GetParameter`; it is also the name of the endpoint."""
    return action.partition(":")[0]


def warn_if_unreachable(
    display_name: str,
    reachable_services: Input[Collection[str]],
    services: Input[Collection[str]],
    consequence: str,
    resource: Resource | None,
) -> None:
    """Warn in the preview about services that the network does not reach.

    It is not an error, because the VPC may have endpoints that are not visible here.
    """

    def compare(known: list[Collection[str]]) -> None:
        reachable, wanted = known
        missing = sorted(set(wanted) - set(reachable))
        if EVERY_SERVICE in reachable or not missing:
            return
        pulumi.warn(
            f"{display_name}: its platform's network does not reach {', '.join(missing)}, so that "
            f'{consequence}; set endpoints: {json.dumps(missing)} or nat: "single" on that network.',
            resource,
        )

    Output.all(reachable_services, services).apply(compare)

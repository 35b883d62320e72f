"""Warn about services that functions call but that are unreachable from the platform's network."""

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
    """Return the linkable services in these permissions that need an interface endpoint.

    Other permissions, such as for KMS, are used by other services on behalf of the function.
    """
    rows = [row for accesses in load_link_actions().values() for statements in accesses.values() for row in statements]
    linkable = {_service_of(action) for row in rows for action in row["actions"]} - set(gateway_services())
    return {_service_of(action) for statement in permissions for action in statement["actions"]} & linkable


def _service_of(action: str) -> str:
    """Return an action's service, such as `ssm` for `ssm:GetParameter`, which is also the endpoint's name."""
    return action.partition(":")[0]


def warn_if_unreachable(
    display_name: str,
    reachable_services: Input[Collection[str]],
    services: Input[Collection[str]],
    consequence: str,
    resource: Resource | None,
) -> None:
    """Warn about services that are unreachable from the network.

    This is not an error, because the VPC may have endpoints that are defined elsewhere.
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

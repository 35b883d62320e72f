"""Read secrets for targets whose compute service cannot read them.

The SDKs are loaded on first use, because importing them takes a second.
"""

from collections.abc import Mapping
from pkgutil import resolve_name

from pulumi import Input, Output, Resource

from intermodal.limits import Target


def read_secrets(
    display_name: str, secrets: Mapping[str, Input[str]], target: Target, parent: Resource | None
) -> Mapping[str, Output[str]]:
    """Return the secret values by variable; load no SDK for a function without secrets.

    Raises:
        DefinitionError: See `read_values`.
    """
    if not secrets:
        return {}
    values: Mapping[str, Output[str]] = resolve_name("intermodal.targets.secret_values:read_values")(
        display_name, secrets, target, parent
    )
    return values

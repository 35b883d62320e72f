"""Read secret values for targets whose compute service cannot read them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
from pulumi import Input, InvokeOptions, Output, Resource
from pulumi_aws import secretsmanager, ssm

from intermodal.identity.secrets import MissingKeyError, extract_key, parse_reference
from intermodal.limits import Target
from intermodal.problems.errors import DefinitionError, Problem, join_path

ROTATION = "keeps the current values of its secrets; run `pulumi up` after a rotation"


def read_values(
    display_name: str, secrets: Mapping[str, Input[str]], target: Target, parent: Resource | None
) -> Mapping[str, Output[str]]:
    """Read the values with the deployer's credentials; return them by variable, as secrets in the state and previews.

    Raises:
        DefinitionError: The secret does not contain the referenced key. The error is raised in an apply.
    """
    pulumi.log.info(f"{display_name}: target {target.value} {ROTATION}", parent)
    return {name: _read_value(display_name, name, reference, parent) for name, reference in secrets.items()}


def _read_value(display_name: str, variable: str, reference: Any, parent: Resource | None) -> Output[str]:
    read: Output[str] = Output.from_input(reference).apply(
        partial(_read, display_name, variable, InvokeOptions(parent=parent))
    )
    return Output.secret(read)


def _read(display_name: str, variable: str, opts: InvokeOptions, text: str | None) -> Output[str]:
    reference = parse_reference(text)
    if reference is None:  # mocks only; `resolve_secrets` refuses any other value
        return Output.from_input("")
    if reference.service == "ssm":
        return ssm.get_parameter_output(name=reference.arn, with_decryption=True, opts=opts).value
    found = secretsmanager.get_secret_version_output(
        secret_id=reference.arn,
        version_id=reference.version or None,
        version_stage=reference.stage or None,
        opts=opts,
    )
    return found.secret_string.apply(partial(_extract, display_name, variable, reference.key))


def _extract(display_name: str, variable: str, key: str, text: str) -> str:
    try:
        return extract_key(text, key)
    except MissingKeyError:
        why = f'names the key "{key}", but the secret has no JSON object with it'
        raise DefinitionError(display_name, [Problem(path=join_path("secrets", variable), text=why)]) from None

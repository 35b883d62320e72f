"""The values of a function's secrets, for targets whose service cannot fetch them itself."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pulumi
from pulumi import InvokeOptions, Output, Resource

from intermodal.errors import DefinitionError, Problem
from intermodal.function.spec import FunctionSpec
from intermodal.identity.secrets import parsed, picked

ROTATION = "holds its secrets' values as they are now; after a rotation run `pulumi up` again"


def secret_values(function: FunctionSpec, target: str, parent: Resource | None) -> Mapping[str, Output[str]]:
    """Values by variable, read at the deployment by who deploys; secret in state and previews.

    Raises:
        DefinitionError: a reference is none, or its secret has no such key; in an apply.
    """
    if function.secrets:
        pulumi.log.info(f"{function.subject}: target {target} {ROTATION}", parent)
    return {name: _value(function.subject, name, reference, parent) for name, reference in function.secrets.items()}


def _value(subject: str, variable: str, reference: Any, parent: Resource | None) -> Output[str]:
    read: Output[str] = Output.from_input(reference).apply(
        partial(_read, subject, variable, InvokeOptions(parent=parent))
    )
    return Output.secret(read)


def _read(subject: str, variable: str, opts: InvokeOptions, text: str | None) -> Output[str]:
    from pulumi_aws import secretsmanager, ssm  # noqa: PLC0415 - only who has secrets pays for the import

    reference = parsed(text)
    if reference is None:  # under mocks; `resolve_secrets` has refused all others
        return Output.from_input("")
    if reference.service == "ssm":
        return ssm.get_parameter_output(name=reference.arn, with_decryption=True, opts=opts).value
    found = secretsmanager.get_secret_version_output(
        secret_id=reference.arn,
        version_id=reference.version or None,
        version_stage=reference.stage or None,
        opts=opts,
    )
    return found.secret_string.apply(partial(_picked, subject, variable, reference.key))


def _picked(subject: str, variable: str, key: str, text: str) -> str:
    try:
        return picked(variable, text, key)
    except ValueError as error:
        path, _, why = str(error).partition(" ")
        raise DefinitionError(subject, [Problem(path=path, text=why)]) from None

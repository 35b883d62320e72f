"""Resolve a definition's secrets, in the reference format that ECS accepts.

A reference is the ARN of an SSM parameter or of a Secrets Manager secret. For a secret, an optional key, stage and
version can follow: `ARN:key:stage:version` (ECS developer guide, Pass Secrets Manager secrets …). Empty parts at the
end can be omitted.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output

from intermodal.identity.args import PermissionArgs
from intermodal.problems.errors import Problem, join_path
from intermodal.problems.validation import Check, Validator, check_output, check_value

FULL_NAME = re.compile(r".+:secret:.+-[A-Za-z0-9]{6}")
"""Complete secret ARN; Secrets Manager adds a hyphen and six characters to the name (API reference, CreateSecret)."""

SECRET = re.compile(r"(arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?")
PARAMETER = re.compile(r"arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter/.+")
READ_ACTIONS = {
    "secretsmanager": ("Secrets", "secretsmanager:GetSecretValue"),
    "ssm": ("Parameters", "ssm:GetParameters"),
}
"""Statement ID and action for reading values, by service."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A reference to the value of a secret or parameter."""

    arn: str
    key: str = ""
    """Key in the secret's JSON object; empty for the whole value."""
    stage: str = ""
    version: str = ""

    @property
    def service(self) -> str:
        """Service that stores the value, a key of `READ_ACTIONS`."""
        return "ssm" if PARAMETER.fullmatch(self.arn) else "secretsmanager"

    @property
    def value_from(self) -> str:
        """Reference for ECS: the ARN alone, or followed by key, stage and version (amazon-ecs-agent, asmsecret.go)."""
        parts = (self.key, self.stage, self.version)
        return ":".join((self.arn, *parts)) if any(parts) else self.arn


def parse_reference(text: str | None) -> Reference | None:
    """Parse a reference; return None for any other value, including None from mocks."""
    if text is None:
        return None
    if PARAMETER.fullmatch(text):
        return Reference(arn=text)
    found = SECRET.fullmatch(text)
    if found is None:
        return None
    arn, key, stage, version = found.groups(default="")
    return Reference(arn=arn, key=key, stage=stage, version=version)


def _reference_check(variable: str) -> Check:
    """Return a check for a reference; its message does not contain the value, which may be the secret itself."""

    def check(given: object) -> Problem | None:
        found = parse_reference(given) if isinstance(given, str) else None
        if found and found.service == "secretsmanager" and not FULL_NAME.fullmatch(found.arn):
            text = (
                "must be the complete ARN of the secret, including the hyphen and six characters at its end, or IAM "
                "denies the read; `aws secretsmanager describe-secret --secret-id NAME --query ARN` prints it, "
                f"got {found.arn}"
            )
            return Problem(path=join_path("secrets", variable), text=text)
        if found:
            return None
        text = "must be the ARN of a Secrets Manager secret (followed by :key for one key of its JSON) or of an "
        return Problem(path=join_path("secrets", variable), text=f"{text}SSM parameter; store the value there")

    return check


def resolve_secrets(
    validator: Validator, given: object, environment: Mapping[str, Input[str]]
) -> Mapping[str, Input[str]]:
    """Return the references by variable; validate Outputs when they resolve, and add problems to `validator`."""
    found = validator.text_mapping("secrets", given)
    for name, reference in found.items():
        validator.extend(check_value(reference, _reference_check(name)))
        if name in environment:
            text = "is also set by environment or a link; use another variable for one of them"
            validator.add(join_path("secrets", name), text)
    return {
        name: check_output(reference, validator.display_name, _reference_check(name))
        for name, reference in found.items()
    }


class MissingKeyError(LookupError):
    """The secret is not a JSON object with the key; the error does not contain the secret."""


def extract_key(text: str, key: str) -> str:
    """Return the value of `key` in a secret's JSON object, or the whole string if `key` is empty.

    Raises:
        MissingKeyError: The secret is not a JSON object with this key.
    """
    if not key:
        return text
    try:
        found: Any = json.loads(text)[key]
    except (ValueError, KeyError, TypeError):
        raise MissingKeyError(key) from None
    return found if isinstance(found, str) else json.dumps(found)


def list_services(references: Iterable[Input[str]]) -> Output[set[str]]:
    """Return the services that store the referenced values."""
    return Output.all(*references).apply(lambda known: set(_group_by_service(known)))


def read_permissions(references: Iterable[str]) -> list[PermissionArgs]:
    """Return permissions to read only the referenced values."""
    arns = _group_by_service(references)
    return [
        PermissionArgs(sid=sid, actions=[action], resources=[*sorted(arns[service])])
        for service, (sid, action) in READ_ACTIONS.items()
        if service in arns
    ]


def _group_by_service(references: Iterable[str]) -> Mapping[str, set[str]]:
    found = defaultdict[str, set[str]](set)
    for each in filter(None, map(parse_reference, references)):
        found[each.service].add(each.arn)
    return found

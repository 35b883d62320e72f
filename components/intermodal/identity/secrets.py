"""Secrets of AWS that a definition names, by the references that ECS takes.

ARN of a secret of Secrets Manager, with a key of its JSON, a stage and a version behind it where they matter
(`ARN:key:stage:version`), or ARN of a parameter of SSM (ECS developer guide, Pass Secrets Manager secrets …). Here what
is empty at the end may be left out.
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
"""Of a secret: Secrets Manager adds a hyphen and six characters to a name (API reference, CreateSecret)."""

SECRET = re.compile(r"(arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?")
PARAMETER = re.compile(r"arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter/.+")
READ_ACTIONS = {
    "secretsmanager": ("Secrets", "secretsmanager:GetSecretValue"),
    "ssm": ("Parameters", "ssm:GetParameters"),
}
"""Sid and action of what reads the values of a service."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One value."""

    arn: str
    key: str = ""
    """Of the JSON object that the secret holds; empty for all of it."""
    stage: str = ""
    version: str = ""

    @property
    def service(self) -> str:
        """That holds it; a key of `READ`."""
        return "ssm" if PARAMETER.fullmatch(self.arn) else "secretsmanager"

    @property
    def value_from(self) -> str:
        """As ECS takes it: the ARN alone, or all of key, stage and version (amazon-ecs-agent, asmsecret.go)."""
        parts = (self.key, self.stage, self.version)
        return ":".join((self.arn, *parts)) if any(parts) else self.arn


def parse_reference(text: str | None) -> Reference | None:
    """The parts of a reference; None for anything else, also where mocks of a unit test give nothing."""
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
    """Whether it is a reference; what was given is never shown, because it may be the secret itself."""

    def check(given: object) -> Problem | None:
        found = parse_reference(given) if isinstance(given, str) else None
        if found and found.service == "secretsmanager" and not FULL_NAME.fullmatch(found.arn):
            text = (
                "must be the whole ARN of the secret, with the hyphen and six characters at its end, or IAM denies the "
                f"read; `aws secretsmanager describe-secret --secret-id NAME --query ARN` prints it, got {found.arn}"
            )
            return Problem(path=join_path("secrets", variable), text=text)
        if found:
            return None
        text = "must be the ARN of a secret of Secrets Manager (with :key behind it for one key of its JSON) or of a "
        return Problem(
            path=join_path("secrets", variable), text=f"{text}parameter of SSM; its value belongs there, not here"
        )

    return check


def resolve_secrets(
    validator: Validator, given: object, environment: Mapping[str, Input[str]]
) -> Mapping[str, Input[str]]:
    """References by variable, checked now or when they are known; what is wrong with them goes to `definition`."""
    found = validator.text_mapping("secrets", given)
    for name, reference in found.items():
        validator.extend(check_value(reference, _reference_check(name)))
        if name in environment:
            text = "is set by environment or a link as well; give one of them another variable"
            validator.add(join_path("secrets", name), text)
    return {
        name: check_output(reference, validator.subject, _reference_check(name)) for name, reference in found.items()
    }


class MissingKeyError(LookupError):
    """A secret holds no JSON object with the key; the error shows nothing of the secret."""


def extract_key(text: str, key: str) -> str:
    """Return the value of one key of a secret's JSON object, or all of its text.

    Raises:
        MissingKeyError: there is no such key.
    """
    if not key:
        return text
    try:
        found: Any = json.loads(text)[key]
    except (ValueError, KeyError, TypeError):
        raise MissingKeyError(key) from None
    return found if isinstance(found, str) else json.dumps(found)


def list_services(references: Iterable[Input[str]]) -> Output[set[str]]:
    """Services that hold these values."""
    return Output.all(*references).apply(lambda known: set(_group_by_service(known)))


def read_permissions(references: Iterable[str]) -> list[PermissionArgs]:
    """What reads exactly these values."""
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

"""Resolve links, which are resources that a function uses, to permissions and environment variables."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from pulumi import Input, Resource

from intermodal.arns import concat
from intermodal.identity.args import Access, LinkArgs, LinkKind, PermissionArgs
from intermodal.problems.errors import DefinitionError, Problem
from intermodal.problems.validation import Validator

if TYPE_CHECKING:  # importing these SDKs takes seconds
    from pulumi_aws import cloudwatch, dynamodb, s3, secretsmanager, sns, sqs, ssm

    Linkable = (
        s3.Bucket | sqs.Queue | sns.Topic | cloudwatch.EventBus | dynamodb.Table | secretsmanager.Secret | ssm.Parameter
    )


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """Values for building a link to one type of resource."""

    kind: LinkKind
    suffix: str
    """Suffix of the variable name."""
    value: str
    """Resource attribute that provides the variable's value."""


_KINDS: Mapping[str, _Kind] = {
    "aws:s3/bucket:Bucket": _Kind(kind=LinkKind.BUCKET, suffix="BUCKET", value="bucket"),
    "aws:sqs/queue:Queue": _Kind(kind=LinkKind.QUEUE, suffix="QUEUE_URL", value="url"),
    "aws:sns/topic:Topic": _Kind(kind=LinkKind.TOPIC, suffix="TOPIC_ARN", value="arn"),
    "aws:cloudwatch/eventBus:EventBus": _Kind(kind=LinkKind.BUS, suffix="BUS_NAME", value="name"),
    "aws:dynamodb/table:Table": _Kind(kind=LinkKind.TABLE, suffix="TABLE_NAME", value="name"),
    "aws:secretsmanager/secret:Secret": _Kind(kind=LinkKind.SECRET, suffix="SECRET_ARN", value="arn"),
    "aws:ssm/parameter:Parameter": _Kind(kind=LinkKind.PARAMETER, suffix="PARAMETER", value="name"),
}

_VARIABLE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")


def read(resource: "Linkable", variable: str | None = None) -> LinkArgs:
    """Allow the function to get and list a bucket's objects or a table's items, or to get a secret or parameter.

    `variable` is the environment variable. Default: the resource's name and type, such as `PHOTOGRAPHS_BUCKET`.

    Raises:
        DefinitionError: Resources of this type cannot be linked.
    """
    return _link(Access.READ, resource, variable)


def write(resource: "Linkable", variable: str | None = None) -> LinkArgs:
    """Allow the function to create, overwrite and delete a bucket's objects, a table's items, or a value.

    For a secret or parameter, the permission applies to its value. `variable` and the errors are the same as in `read`.
    """
    return _link(Access.WRITE, resource, variable)


def send(resource: "Linkable", variable: str | None = None) -> LinkArgs:
    """Allow the function to send to a queue, topic or bus; `variable` and the errors are the same as in `read`."""
    return _link(Access.SEND, resource, variable)


def _link(access: Access, resource: Resource, variable: str | None) -> LinkArgs:
    known = _KINDS.get(resource.pulumi_resource_type)
    name = resource.pulumi_resource_name
    if known is None:
        allowed = ", ".join(sorted(_KINDS))
        text = f"must link to one of {allowed}, got {resource.pulumi_resource_type}; use permissions for other types"
        raise DefinitionError(f'Link to "{name}"', [Problem(path=access.value, text=text)])
    resource_attributes: Any = resource
    return {
        "access": access,
        "kind": known.kind,
        "arn": resource_attributes.arn,
        "variable": variable or f"{re.sub('[^A-Za-z0-9]', '_', name).upper()}_{known.suffix}",
        "value": getattr(resource_attributes, known.value),
    }


def resolve_links(validator: Validator, given: object) -> tuple[LinkArgs, ...]:
    """Return the resolved links; add problems to `validator`."""
    found = []
    for index, args in enumerate(validator.sequence("links", given)):
        path = f"links[{index}]"
        fields = validator.fields(path, args, LinkArgs)
        if len(fields) < len(LinkArgs.__annotations__):
            continue
        validator.require_text(path, fields, ("arn", "value"))
        kind = validator.choice(f"{path}.kind", fields["kind"], LinkKind)
        access = validator.choice(f"{path}.access", fields["access"], Access)
        if kind and access and access.value not in load_link_actions()[kind.value]:
            allowed = ", ".join(load_link_actions()[kind.value])
            validator.add(path, f"cannot {access.value} a {kind.value}; a {kind.value} allows {allowed}")
        elif not isinstance(fields["variable"], str) or not _VARIABLE.fullmatch(fields["variable"]):
            validator.add(f"{path}.variable", f"must be letters, digits and _, got {fields['variable']!r}")
        elif kind and access:
            found.append(cast("LinkArgs", {**fields, "kind": kind, "access": access}))
    return tuple(found)


def list_permissions(links: Sequence[LinkArgs]) -> list[PermissionArgs]:
    """Return the links' permissions, with one statement for each resource and its actions."""
    return [
        PermissionArgs(actions=list(row["actions"]), resources=[_append_path(link["arn"], row["resource"])])
        for link in links
        for row in load_link_actions()[LinkKind(link["kind"]).value][Access(link["access"]).value]
    ]


def list_variables(links: Sequence[LinkArgs]) -> dict[str, Input[str]]:
    """Return the links' environment variables."""
    return {link["variable"]: link["value"] for link in links}


def _append_path(arn: Input[str], part: str) -> Input[str]:
    if isinstance(arn, str):
        return arn + part
    return concat(arn, part) if part else arn


@cache
def load_link_actions() -> Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]:
    """Return the IAM actions by kind and access; links.json cites their source."""
    rows: dict[str, Any] = json.loads(files(__package__).joinpath("links.json").read_text())
    return {kind: accesses for kind, accesses in rows.items() if kind != "_meta"}

"""Resolve arguments into a FunctionSpec; no other module reads raw arguments or applies defaults."""

import re
from collections.abc import Mapping
from typing import Any, cast

from pulumi import Input, Output
from pulumi.output import Unknown

from intermodal import naming
from intermodal.definition.args import ContainerFunctionArgs
from intermodal.definition.image import resolve_image
from intermodal.definition.lanes import resolve_lanes
from intermodal.definition.spec import FunctionSpec, subject_of
from intermodal.events.spec import resolve_sources
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs
from intermodal.identity.links import environment_of, permissions_of, resolve_links
from intermodal.identity.lint import wildcards
from intermodal.identity.secrets import resolve_secrets
from intermodal.identity.trust import TrustSpec, resolve_trust
from intermodal.images.architecture import Architecture
from intermodal.limits import log_retention_days, security_groups_per_interface
from intermodal.platform.facts import PlatformFacts
from intermodal.platform.handle import facts_of, normalize
from intermodal.problems.errors import Problem, join_path
from intermodal.problems.validation import Definition, gated, integer, problems_of

MEMORY_MIB = 512
TIMEOUT_SECONDS = 60
LOG_RETENTION_DAYS = 30

OWN_SIDS = ("Logs", "Protect", "Interfaces", "AllInterfaces", "InterfacesOfCode", "InterfacesOfPods", "Decrypt")
"""Statement ids of the role's own permissions."""

RESERVED_PREFIX = "sg-"
"""No security group's name begins so (EC2 API reference, CreateSecurityGroup, GroupName)."""


def resolve(name: str, args: ContainerFunctionArgs) -> tuple[FunctionSpec, Definition]:
    """Return the spec and the problems so far; the caller adds those of the targets and raises all."""
    definition = Definition(subject_of(name))
    definition.name("name", name, naming.NAME, "lower-case letters, digits and dashes")
    given = definition.block("", args, ContainerFunctionArgs)
    protect = definition.flag("protect", given.get("protect", False))
    links = resolve_links(definition, given.get("links", []))
    fifo = definition.flag("fifo", given.get("fifo", False))
    environment = _environment(definition, given.get("environment", {}), links)
    if name.startswith(RESERVED_PREFIX) and given.get("vpc"):
        text = f'must not begin with "{RESERVED_PREFIX}" in a VPC, because its security group would, got "{name}"'
        definition.add("name", f"{text}; EC2 keeps that prefix for ids; rename the function")
    spec = FunctionSpec(
        name=name,
        image=resolve_image(definition, given.get("image"), protect=protect),
        memory_mib=definition.whole("memory_mib", given.get("memory_mib", MEMORY_MIB), MEMORY_MIB),
        vcpu=definition.number("vcpu", given.get("vcpu", 0)),
        architecture=definition.word("architecture", given.get("architecture", Architecture.X86_64), Architecture)
        or Architecture.X86_64,
        timeout_seconds=definition.whole(
            "timeout_seconds", given.get("timeout_seconds", TIMEOUT_SECONDS), TIMEOUT_SECONDS
        ),
        platform=_platform(definition, given),
        vpc=_vpc(definition, given),
        security_group_ids=_security_groups(definition, given.get("security_group_ids", [])),
        environment=environment,
        secrets=resolve_secrets(definition, given.get("secrets", {}), environment),
        kms_key_arn=_key(definition, given),
        links=links,
        permissions=(*_permissions(definition, given.get("permissions", [])), *permissions_of(links)),
        sources=resolve_sources(definition, given.get("sources", []), fifo=fifo),
        fifo=fifo,
        lanes=resolve_lanes(definition, given),
        trust=_trust(definition, given),
        role_arn=_role(definition, given),
        alarm_topic_arns=_alarm_topics(definition, given.get("alarm_topic_arns", [])),
        log_retention_days=_retention(definition, given.get("log_retention_days", LOG_RETENTION_DAYS)),
        protect=protect,
        drain_before_delete=definition.flag("drain_before_delete", given.get("drain_before_delete", True)),
        tags=definition.texts("tags", given.get("tags", {})),
    )
    if spec.adopted_queue:
        _refuse_beside_adopted(definition, given, spec)
    return spec, definition


def _refuse_beside_adopted(definition: Definition, given: Mapping[str, Any], spec: FunctionSpec) -> None:
    if len(spec.lanes) > 1:
        definition.add("lanes", "must be one where a queue that exists takes the inbox's place; it has one consumer")
    for key in ("fifo", "alarm_topic_arns"):
        if given.get(key):
            definition.add(
                key, "has no effect on a queue that exists, which keeps its own kind and alarms; leave it out"
            )


def _platform(definition: Definition, given: Mapping[str, Any]) -> Output[PlatformFacts] | None:
    if "platform" not in given:
        return None
    if not isinstance(given["platform"], Output | Mapping):
        definition.add(
            "platform", f"must be the handle of a Platform, got {given['platform']!r}; write platform.handle"
        )
        return None
    handle: Output[Any] = Output.from_input(given["platform"])

    def looked_at(known: Any) -> Any:
        return known if isinstance(known, Unknown) else facts_of(normalize(definition.subject, known))

    return handle.apply(looked_at, run_with_unknowns=True)


def _vpc(definition: Definition, given: Mapping[str, Any]) -> bool:
    wanted = definition.flag("vpc", given.get("vpc", False))
    if wanted and "platform" not in given:
        definition.add("vpc", "needs a platform with a network; give platform, or leave vpc out")
    if not wanted and given.get("security_group_ids"):
        definition.add("security_group_ids", "needs vpc: true; outside a VPC there are no security groups")
    return wanted


def _security_groups(definition: Definition, given: object) -> tuple[Input[str], ...]:
    found = definition.text_items("security_group_ids", given) if given else []
    maximum = security_groups_per_interface()
    if len(found) >= maximum:
        text = f"must be at most {maximum - 1} beside the function's own, got {len(found)}"
        definition.add("security_group_ids", text)
    return tuple(found)


def _alarm_topics(definition: Definition, given: object) -> tuple[Input[str], ...]:
    return tuple(definition.text_items("alarm_topic_arns", given)) if given else ()


def _environment(definition: Definition, given: object, links: tuple[LinkArgs, ...]) -> Mapping[str, Input[str]]:
    own, linked = definition.texts("environment", given), environment_of(links)
    for name in sorted(own.keys() & linked.keys()):
        definition.add(join_path("environment", name), "is set by a link as well; give the link another variable")
    for link in links:
        name, value = link["variable"], link["value"]
        if linked[name] is not value and linked[name] != value:
            definition.add("links", f"has {name} for two resources; give one of them another variable")
    return {**own, **linked}


KEY = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+")


def _key_problem(given: object) -> Problem | None:
    if isinstance(given, str) and KEY.fullmatch(given):
        return None
    text = f"must be the ARN of a key of KMS (arn:aws:kms:REGION:ACCOUNT:key/ID), got {given!r}; an alias is none"
    return Problem(path="kms_key_arn", text=text)


def _key(definition: Definition, given: Mapping[str, Any]) -> Input[str] | None:
    if "kms_key_arn" not in given:
        return None
    definition.extend(problems_of(given["kms_key_arn"], _key_problem))
    key: Input[str] = gated(given["kms_key_arn"], definition.subject, _key_problem)
    return key


def _role(definition: Definition, given: Mapping[str, Any]) -> Input[str] | None:
    if "role" not in given:
        return None
    if "trust" in given:
        definition.add("role", "and trust exclude each other; the trust of a role that exists is left alone")
    block = definition.block("role", given["role"], ExistingRoleArgs)
    definition.plain_texts("role", block, ("arn",))
    arn: Input[str] | None = block.get("arn")
    return arn


def _permissions(definition: Definition, given: object) -> tuple[PermissionArgs, ...]:
    blocks: list[dict[str, Any]] = []
    for index, args in enumerate(definition.items("permissions", given)):
        path = f"permissions[{index}]"
        block = definition.block(path, args, PermissionArgs)
        for key in ("actions", "resources"):
            if key in block:
                block[key] = definition.text_items(f"{path}.{key}", block[key])
        _check_sid(definition, path, block, [other.get("sid") for other in blocks])
        plain = [word for word in block.get("actions", ()) if isinstance(word, str)]
        definition.extend(wildcards(path, plain, block.get("resources", ())))
        blocks.append(block)
    return tuple(cast("list[PermissionArgs]", blocks))


def _check_sid(definition: Definition, path: str, block: Mapping[str, Any], taken: list[str | None]) -> None:
    sid = block.get("sid")
    if sid is None:
        return
    if not isinstance(sid, str) or not re.fullmatch("[A-Za-z0-9]+", sid):
        definition.add(f"{path}.sid", f"must be letters and digits, got {sid!r}")
    elif sid in {*taken, *OWN_SIDS}:
        definition.add(f"{path}.sid", f'must be another one than "{sid}", which is taken; rename it')


def _trust(definition: Definition, given: Mapping[str, Any]) -> tuple[TrustSpec, ...] | None:
    return resolve_trust(definition, given["trust"]) if "trust" in given else None


def _retention(definition: Definition, given: object) -> int:
    days, allowed = integer(given), log_retention_days()
    if days not in allowed:
        text = f"must be one of {', '.join(map(str, allowed))}, got {given!r}; take the next longer one"
        definition.add("log_retention_days", text)
    return cast("int", days)

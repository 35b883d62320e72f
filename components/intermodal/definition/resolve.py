"""Resolve arguments to a FunctionSpec; no other module reads raw arguments or applies defaults."""

import re
from collections.abc import Mapping
from typing import Any, cast

from pulumi import Input, Output
from pulumi.output import Unknown

from intermodal import naming
from intermodal.definition.args import ContainerFunctionArgs, PlacementArgs
from intermodal.definition.batch import resolve_batch
from intermodal.definition.image import resolve_image
from intermodal.definition.lanes import resolve_lanes
from intermodal.definition.process import resolve_process
from intermodal.definition.spec import FunctionSpec, display_name_of
from intermodal.definition.target_options import resolve_ecs, resolve_kubernetes
from intermodal.events.spec import resolve_sources
from intermodal.identity.args import ExistingRoleArgs, LinkArgs, PermissionArgs
from intermodal.identity.links import list_permissions, list_variables, resolve_links
from intermodal.identity.lint import find_wildcards
from intermodal.identity.secrets import resolve_secrets
from intermodal.identity.trust import TrustSpec, resolve_trust
from intermodal.images.architecture import Architecture
from intermodal.limits import log_retention_days, security_groups_per_interface
from intermodal.platform.facts import PlatformFacts
from intermodal.platform.handle import normalize, parse_facts
from intermodal.problems.errors import Problem, join_path
from intermodal.problems.validation import Validator, check_output, check_value, drop_fraction

MEMORY_MIB = 512
EPHEMERAL_STORAGE_MIB = 512
TIMEOUT_SECONDS = 60
LOG_RETENTION_DAYS = 30

OWN_SIDS = ("Logs", "Protect", "Interfaces", "AllInterfaces", "InterfacesOfCode", "InterfacesOfPods", "Decrypt")
"""Statement IDs that the role's built-in permissions use."""

RESERVED_PREFIX = "sg-"
"""Prefix that EC2 rejects in security group names (EC2 API reference, CreateSecurityGroup, GroupName)."""


def resolve(name: str, args: ContainerFunctionArgs) -> tuple[FunctionSpec, Validator]:
    """Return the spec and the problems found so far; the caller adds the targets' problems and raises them."""
    validator = Validator(display_name_of(name))
    validator.name("name", name, naming.NAME, "lower-case letters, digits and dashes")
    given = _overlay_placement(validator, validator.fields("", args, ContainerFunctionArgs))
    protect = validator.boolean("protect", given.get("protect", False))
    links = resolve_links(validator, given.get("links", []))
    fifo = validator.boolean("fifo", given.get("fifo", False))
    environment = _resolve_environment(validator, given.get("environment", {}), links)
    if name.startswith(RESERVED_PREFIX) and given.get("vpc"):
        text = f'must not begin with "{RESERVED_PREFIX}" in a VPC, because EC2 reserves it for IDs, got "{name}"'
        validator.add("name", f"{text}; rename the function")
    builder = getattr(given.get("platform"), "images", None) if _is_platform(given) else None
    image, build = resolve_image(validator, given.get("image"), builder, protect=protect)
    spec = FunctionSpec(
        name=name,
        image=image,
        build=build,
        process=resolve_process(validator, given),
        memory_mib=validator.integer("memory_mib", given.get("memory_mib", MEMORY_MIB), MEMORY_MIB),
        ephemeral_storage_mib=validator.positive_integer(
            "ephemeral_storage_mib", given.get("ephemeral_storage_mib", EPHEMERAL_STORAGE_MIB)
        ),
        vcpu=validator.number("vcpu", given.get("vcpu", 0)),
        architecture=validator.choice("architecture", given.get("architecture", Architecture.X86_64), Architecture)
        or Architecture.X86_64,
        timeout_seconds=validator.integer(
            "timeout_seconds", given.get("timeout_seconds", TIMEOUT_SECONDS), TIMEOUT_SECONDS
        ),
        platform=_resolve_platform(validator, given),
        providers=tuple(getattr(given.get("platform"), "providers", ())) if _is_platform(given) else (),
        vpc=_resolve_vpc(validator, given),
        security_group_ids=_resolve_security_groups(validator, given.get("security_group_ids", [])),
        environment=environment,
        secrets=resolve_secrets(validator, given.get("secrets", {}), environment),
        kms_key_arn=_resolve_kms_key(validator, given),
        links=links,
        permissions=(*_resolve_permissions(validator, given.get("permissions", [])), *list_permissions(links)),
        sources=resolve_sources(validator, given.get("sources", []), fifo=fifo),
        batch=resolve_batch(validator, given, fifo=fifo),
        reserved_concurrency=_resolve_reserved(validator, given),
        ecs=resolve_ecs(validator, given.get("ecs", {})),
        kubernetes=resolve_kubernetes(validator, given.get("kubernetes", {}), given.get("memory_mib", MEMORY_MIB)),
        fifo=fifo,
        lanes=resolve_lanes(validator, given),
        trust=_resolve_trust(validator, given),
        role_arn=_resolve_role(validator, given),
        alarm_topic_arns=_resolve_alarm_topics(validator, given.get("alarm_topic_arns", [])),
        log_retention_days=_resolve_retention(validator, given.get("log_retention_days", LOG_RETENTION_DAYS)),
        protect=protect,
        drain_before_delete=validator.boolean("drain_before_delete", given.get("drain_before_delete", True)),
        tags=validator.text_mapping("tags", given.get("tags", {})),
    )
    if spec.adopted_queue:
        _refuse_beside_adopted(validator, given, spec)
    return spec, validator


def _refuse_beside_adopted(validator: Validator, given: Mapping[str, Any], spec: FunctionSpec) -> None:
    if len(spec.lanes) > 1:
        validator.add(
            "lanes", "must contain only one lane for an existing queue, which has one consumer; remove the other lanes"
        )
    for key in ("fifo", "alarm_topic_arns", "maximum_receives"):
        if given.get(key):
            text = "has no effect on an existing queue, which keeps its type, redrive policy and alarms"
            validator.add(key, f"{text}; remove it")


def _overlay_placement(validator: Validator, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Overlay the placement on the arguments; its `lanes` replace `target`, and vice versa."""
    placed = validator.fields("placement", given.get("placement", {}), PlacementArgs)
    replaced = {"target", "lane", "maximum_concurrency"} if "lanes" in placed else set()
    if "target" in placed:
        replaced.add("lanes")
    return {**{key: value for key, value in given.items() if key not in replaced}, **placed}


def _is_platform(given: Mapping[str, Any]) -> bool:
    """Return whether `platform` is a Platform or an attached platform rather than a handle."""
    platform = given.get("platform")
    return not isinstance(platform, Output | Mapping) and isinstance(getattr(platform, "handle", None), Output)


def _resolve_platform(validator: Validator, given: Mapping[str, Any]) -> Output[PlatformFacts] | None:
    if "platform" not in given:
        return None
    platform = given["platform"].handle if _is_platform(given) else given["platform"]
    if not isinstance(platform, Output | Mapping):
        text = f"must be a Platform or a platform handle, got {platform!r}"
        validator.add("platform", f"{text}; create a Platform, or attach one with Platform.attach")
        return None
    handle: Output[Any] = Output.from_input(platform)

    def read_facts(known: Any) -> Any:
        return known if isinstance(known, Unknown) else parse_facts(normalize(validator.display_name, known))

    return handle.apply(read_facts, run_with_unknowns=True)


def _resolve_vpc(validator: Validator, given: Mapping[str, Any]) -> bool:
    wanted = validator.boolean("vpc", given.get("vpc", False))
    if wanted and "platform" not in given:
        validator.add("vpc", "requires a platform with a network; set platform, or remove vpc")
    if not wanted and given.get("security_group_ids"):
        validator.add("security_group_ids", "requires vpc: true, because security groups exist only in a VPC")
    return wanted


def _resolve_security_groups(validator: Validator, given: object) -> tuple[Input[str], ...]:
    found = validator.text_list("security_group_ids", given) if given else []
    maximum = security_groups_per_interface()
    if len(found) >= maximum:
        text = f"must be at most {maximum - 1} in addition to the function's security group, got {len(found)}"
        validator.add("security_group_ids", text)
    return tuple(found)


def _resolve_alarm_topics(validator: Validator, given: object) -> tuple[Input[str], ...]:
    return tuple(validator.text_list("alarm_topic_arns", given)) if given else ()


def _resolve_environment(validator: Validator, given: object, links: tuple[LinkArgs, ...]) -> Mapping[str, Input[str]]:
    own, linked = validator.text_mapping("environment", given), list_variables(links)
    for name in sorted(own.keys() & linked.keys()):
        validator.add(join_path("environment", name), "is also set by a link; use a different variable for the link")
    for link in links:
        name, value = link["variable"], link["value"]
        if linked[name] is not value and linked[name] != value:
            validator.add("links", f"sets {name} for two resources; use a different variable for one of them")
    return {**own, **linked}


KMS_KEY_ARN = re.compile(r"arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+")


def _check_kms_key(given: object) -> Problem | None:
    if isinstance(given, str) and KMS_KEY_ARN.fullmatch(given):
        return None
    text = f"must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias, got {given!r}"
    return Problem(path="kms_key_arn", text=text)


def _resolve_reserved(validator: Validator, given: Mapping[str, Any]) -> int | None:
    if "reserved_concurrency" not in given:
        return None
    return validator.positive_integer("reserved_concurrency", given["reserved_concurrency"])


def _resolve_kms_key(validator: Validator, given: Mapping[str, Any]) -> Input[str] | None:
    if "kms_key_arn" not in given:
        return None
    validator.extend(check_value(given["kms_key_arn"], _check_kms_key))
    key: Input[str] = check_output(given["kms_key_arn"], validator.display_name, _check_kms_key)
    return key


def _resolve_role(validator: Validator, given: Mapping[str, Any]) -> Input[str] | None:
    if "role" not in given:
        return None
    if "trust" in given:
        validator.add("role", "and trust are mutually exclusive; the trust policy of an existing role is not changed")
    fields = validator.fields("role", given["role"], ExistingRoleArgs)
    validator.require_text("role", fields, ("arn",))
    arn: Input[str] | None = fields.get("arn")
    return arn


def _resolve_permissions(validator: Validator, given: object) -> tuple[PermissionArgs, ...]:
    blocks: list[dict[str, Any]] = []
    for index, args in enumerate(validator.sequence("permissions", given)):
        path = f"permissions[{index}]"
        fields = validator.fields(path, args, PermissionArgs)
        for key in ("actions", "resources"):
            if key in fields:
                fields[key] = validator.text_list(f"{path}.{key}", fields[key])
        _check_sid(validator, path, fields, [other.get("sid") for other in blocks])
        plain = [word for word in fields.get("actions", ()) if isinstance(word, str)]
        validator.extend(find_wildcards(path, plain, fields.get("resources", ())))
        blocks.append(fields)
    return tuple(cast("list[PermissionArgs]", blocks))


def _check_sid(validator: Validator, path: str, fields: Mapping[str, Any], taken: list[str | None]) -> None:
    sid = fields.get("sid")
    if sid is None:
        return
    if not isinstance(sid, str) or not re.fullmatch("[A-Za-z0-9]+", sid):
        validator.add(f"{path}.sid", f"must contain only letters and digits, got {sid!r}")
    elif sid in {*taken, *OWN_SIDS}:
        validator.add(f"{path}.sid", f'must be unique, got "{sid}", which is already in use; rename it')


def _resolve_trust(validator: Validator, given: Mapping[str, Any]) -> tuple[TrustSpec, ...] | None:
    return resolve_trust(validator, given["trust"]) if "trust" in given else None


def _resolve_retention(validator: Validator, given: object) -> int:
    days, allowed = drop_fraction(given), log_retention_days()
    if days not in allowed:
        text = f"must be one of {', '.join(map(str, allowed))}, got {given!r}; use the next longer period"
        validator.add("log_retention_days", text)
    return cast("int", days)

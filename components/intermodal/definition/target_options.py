"""Resolve the options that apply to lanes on one target."""

from collections.abc import Mapping
from typing import Any

from intermodal.definition.spec import EcsOptions, KubernetesOptions
from intermodal.definition.target_args import (
    CapacityProviderStrategyArgs,
    EcsOptionsArgs,
    KubernetesOptionsArgs,
    TaintEffect,
    TolerationArgs,
    TolerationOperator,
)
from intermodal.limits import ecs_limits
from intermodal.problems.validation import Validator


def resolve_ecs(validator: Validator, given: object) -> EcsOptions:
    """Return the resolved options for ECS; add problems to `validator`."""
    fields = validator.fields("ecs", given, EcsOptionsArgs)
    strategies, limits = [], ecs_limits()
    for index, args in enumerate(
        validator.sequence("ecs.capacity_provider_strategies", fields.get("capacity_provider_strategies", []))
    ):
        path = f"ecs.capacity_provider_strategies[{index}]"
        strategy = validator.fields(path, args, CapacityProviderStrategyArgs)
        validator.require_text(path, strategy, ("capacity_provider",))
        strategy["weight"] = validator.integer_in(f"{path}.weight", strategy.get("weight", 1), limits["weight"])
        if "base" in strategy:
            strategy["base"] = validator.integer_in(f"{path}.base", strategy["base"], limits["base"])
        strategies.append(strategy)
    if sum(bool(strategy.get("base")) for strategy in strategies) > 1:
        validator.add("ecs.capacity_provider_strategies", "must have a base in one strategy only; remove the others")
    if strategies and not any(strategy["weight"] for strategy in strategies):
        text = "must have a weight above 0 in at least one strategy; ECS would start no task above the base"
        validator.add("ecs.capacity_provider_strategies", text)
    minimum = validator.integer_in("ecs.minimum_tasks", fields.get("minimum_tasks", 0), limits["minimum_tasks"])
    return EcsOptions(strategies=tuple(strategies), minimum_tasks=minimum)


def resolve_kubernetes(validator: Validator, given: object, memory_mib: object) -> KubernetesOptions:
    """Return the resolved options for Kubernetes; add problems to `validator`."""
    fields = validator.fields("kubernetes", given, KubernetesOptionsArgs)
    request = fields.get("memory_request_mib")
    if request is not None:
        request = validator.positive_integer("kubernetes.memory_request_mib", request)
        if isinstance(memory_mib, int) and request > memory_mib:
            text = f"must be at most memory_mib ({memory_mib}), which is the limit, got {request}; lower it"
            validator.add("kubernetes.memory_request_mib", text)
    vcpu = fields.get("vcpu_request")
    validator.require_text("kubernetes", fields, ("priority_class",))
    return KubernetesOptions(
        memory_request_mib=request,
        vcpu_request=None if vcpu is None else validator.number("kubernetes.vcpu_request", vcpu),
        priority_class=fields.get("priority_class"),
        node_selector=validator.text_mapping("kubernetes.node_selector", fields.get("node_selector", {})),
        tolerations=_resolve_tolerations(validator, fields.get("tolerations", [])),
        annotations=validator.text_mapping("kubernetes.annotations", fields.get("annotations", {})),
        pod_patch=validator.mapping("kubernetes.pod_patch", fields.get("pod_patch", {})),
    )


def _resolve_tolerations(validator: Validator, given: object) -> tuple[Mapping[str, str], ...]:
    found = []
    for index, args in enumerate(validator.sequence("kubernetes.tolerations", given)):
        path = f"kubernetes.tolerations[{index}]"
        fields: dict[str, Any] = validator.fields(path, args, TolerationArgs)
        for key, words in (("operator", TolerationOperator), ("effect", TaintEffect)):
            if key in fields:
                choice = validator.choice(f"{path}.{key}", fields[key], words)
                fields[key] = choice.value if choice else ""
        if "key" not in fields and fields.get("operator") != TolerationOperator.EXISTS.value:
            validator.add(path, "must have a key, or operator Exists for every taint")
        if "value" in fields and fields.get("operator") == TolerationOperator.EXISTS.value:
            validator.add(f"{path}.value", "has no effect with operator Exists; remove it")
        found.append(fields)
    return tuple(found)

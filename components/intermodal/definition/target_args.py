"""Arguments of a container function that apply to the lanes of one target."""

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from pulumi import Input


class CapacityProviderStrategyArgs(TypedDict):
    """A share of the tasks for one capacity provider, which the cluster must have."""

    capacity_provider: Input[str]
    """FARGATE, FARGATE_SPOT, or the name of an EC2 capacity provider."""
    weight: NotRequired[int]
    """Relative share of the tasks above `base`, 0 to 1,000. Default: 1."""
    base: NotRequired[int]
    """Minimum tasks on this provider, 0 to 100,000; only one strategy may have it. Default: 0."""


class EcsOptionsArgs(TypedDict):
    """Options for lanes on ECS."""

    capacity_provider_strategies: NotRequired[list[CapacityProviderStrategyArgs]]
    """Capacity providers for the tasks. A run on FARGATE_SPOT has two minutes after an interruption. Default: the
    platform's capacity provider."""
    minimum_tasks: NotRequired[int]
    """Tasks that keep running while nothing waits, so that a message starts at once. Default: 0."""


class TolerationOperator(Enum):
    """How a toleration compares a taint's value."""

    EQUAL = "Equal"
    """The value is the same."""
    EXISTS = "Exists"
    """Any value."""


class TaintEffect(Enum):
    """Effects of a taint (Kubernetes documentation, Taints and Tolerations)."""

    NO_SCHEDULE = "NoSchedule"
    """New pods are not scheduled."""
    PREFER_NO_SCHEDULE = "PreferNoSchedule"
    """New pods are scheduled elsewhere if possible."""
    NO_EXECUTE = "NoExecute"
    """Running pods are evicted."""


if TYPE_CHECKING:
    TolerationOperatorLike = TolerationOperator | Literal["Equal", "Exists"]
    TaintEffectLike = TaintEffect | Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
else:
    TolerationOperatorLike, TaintEffectLike = TolerationOperator, TaintEffect  # what Pulumi's schema can express


class TolerationArgs(TypedDict):
    """A taint that the pods tolerate."""

    key: NotRequired[str]
    """Taint key. Default: every key, which needs operator Exists."""
    operator: NotRequired[TolerationOperatorLike]
    """Comparison with the taint's value. Default: Equal."""
    value: NotRequired[str]
    """Taint value; for operator Equal."""
    effect: NotRequired[TaintEffectLike]
    """Taint effect. Default: every effect."""


class KubernetesOptionsArgs(TypedDict):
    """Options for lanes on Kubernetes."""

    memory_request_mib: NotRequired[int]
    """Memory that the scheduler reserves for the app, at most `memory_mib`, which stays the limit. Default:
    `memory_mib`."""
    vcpu_request: NotRequired[float]
    """vCPUs that the scheduler reserves for the app. Default: Lambda's share for `memory_mib`, at least `vcpu`."""
    priority_class: NotRequired[Input[str]]
    """PriorityClass, which must exist. Default: the platform's."""
    node_selector: NotRequired[dict[str, Input[str]]]
    """Labels that the nodes must have, in addition to the architecture's. Default: none."""
    tolerations: NotRequired[list[TolerationArgs]]
    """Taints that the pods tolerate, in addition to the architecture's. Default: none."""
    annotations: NotRequired[dict[str, Input[str]]]
    """Annotations of the pods. Default: none."""
    pod_patch: NotRequired[dict[str, Any]]
    """Changes to the pod's spec that no argument offers, with the API's keys. Blocks merge, lists of named items merge
    by name, other values replace, None deletes. The API server validates the result; a change to the containers
    `adapter` and `waiter` may lose messages. Default: none."""

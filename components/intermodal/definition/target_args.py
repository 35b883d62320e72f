"""Arguments of a container function that apply to lanes on one target."""

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

from pulumi import Input


class CapacityProviderStrategyArgs(TypedDict):
    """A capacity provider, which the cluster must have, and its share of the tasks."""

    capacity_provider: Input[str]
    """Capacity provider: FARGATE, FARGATE_SPOT, or the name of an EC2 capacity provider."""
    weight: NotRequired[int]
    """Relative share of the tasks above `base`, 0 to 1,000. Default: 1."""
    base: NotRequired[int]
    """Minimum tasks on this provider, 0 to 100,000. Only one strategy can set it. Default: 0."""


class EcsOptionsArgs(TypedDict):
    """Options for lanes on ECS."""

    capacity_provider_strategies: NotRequired[list[CapacityProviderStrategyArgs]]
    """Capacity providers for the tasks. Runs on FARGATE_SPOT are stopped two minutes after an interruption notice.
    Default: the platform's capacity provider."""
    minimum_tasks: NotRequired[int]
    """Number of tasks that keep running while the inbox is empty, so that messages are processed immediately. Default:
    0."""


class TolerationOperator(Enum):
    """Operators for comparing a toleration with a taint."""

    EQUAL = "Equal"
    """The taint has the same value."""
    EXISTS = "Exists"
    """The taint can have any value."""


class TaintEffect(Enum):
    """Effects of a taint (Kubernetes documentation, Taints and Tolerations)."""

    NO_SCHEDULE = "NoSchedule"
    """New pods are not scheduled."""
    PREFER_NO_SCHEDULE = "PreferNoSchedule"
    """New pods are scheduled on other nodes if possible."""
    NO_EXECUTE = "NoExecute"
    """Running pods are evicted."""


if TYPE_CHECKING:
    TolerationOperatorLike = TolerationOperator | Literal["Equal", "Exists"]
    TaintEffectLike = TaintEffect | Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]
else:
    TolerationOperatorLike, TaintEffectLike = (
        TolerationOperator,
        TaintEffect,
    )  # Pulumi's schema cannot express the union


class TolerationArgs(TypedDict):
    """A taint that the pods tolerate."""

    key: NotRequired[str]
    """Taint key. Default: all keys, which requires operator Exists."""
    operator: NotRequired[TolerationOperatorLike]
    """Operator for the comparison with the taint. Default: Equal."""
    value: NotRequired[str]
    """Taint value for operator Equal."""
    effect: NotRequired[TaintEffectLike]
    """Taint effect. Default: all effects."""


class KubernetesOptionsArgs(TypedDict):
    """Options for lanes on Kubernetes."""

    memory_request_mib: NotRequired[int]
    """Memory request of the app in MiB, at most `memory_mib`, which remains the limit. Default: `memory_mib`."""
    vcpu_request: NotRequired[float]
    """CPU request of the app in vCPUs. Default: Lambda's allocation for `memory_mib`, at least `vcpu`."""
    priority_class: NotRequired[Input[str]]
    """Name of an existing PriorityClass. Default: the platform's PriorityClass."""
    node_selector: NotRequired[dict[str, Input[str]]]
    """Labels that the nodes must have, in addition to the architecture label. Default: none."""
    tolerations: NotRequired[list[TolerationArgs]]
    """Taints that the pods tolerate, in addition to the architecture taint. Default: none."""
    annotations: NotRequired[dict[str, Input[str]]]
    """Pod annotations. Default: none."""
    pod_patch: NotRequired[dict[str, Any]]
    """Patch for the pod spec, with the keys of the Kubernetes API, for settings without an argument. Mappings are
    merged, lists of named items are merged by name, None deletes a key, and other values are replaced. The API server
    validates the result. Changes to the containers `adapter` and `waiter` can lose messages. Default: none."""

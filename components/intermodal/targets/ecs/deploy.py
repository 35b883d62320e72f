"""Deploy a lane to Amazon ECS as a service whose tasks run the image and the adapter."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import CustomTimeouts, Input, Output, Resource, ResourceOptions
from pulumi_aws import ecs

from intermodal.definition.resolve import EPHEMERAL_STORAGE_MIB
from intermodal.definition.spec import FunctionSpec
from intermodal.documents import apply_known
from intermodal.identity.secrets import list_services
from intermodal.images.architecture import Architecture
from intermodal.limits import Target, TaskSize, task_size
from intermodal.network.attachment import Attachment
from intermodal.network.reach import warn_if_unreachable
from intermodal.platform.args import FARGATE, SPOT
from intermodal.platform.facts import EcsFacts, require_ecs
from intermodal.problems.errors import DefinitionError, Problem
from intermodal.targets.adapter import GRACE_SECONDS, adapter_command, app_environment
from intermodal.targets.checks import ADAPTER_MIB, MAXIMUM_CONCURRENCY
from intermodal.targets.context import LaneContext
from intermodal.targets.contract import Consumer
from intermodal.targets.ecs.containers import ADAPTER_OPTIONS, TMP, ContainersArgs, container_definitions
from intermodal.targets.ecs.execution_role import ExecutionRole, ExecutionRoleArgs, create_execution_role
from intermodal.targets.ecs.scaling import ScalingArgs, create_scaling

CPU_ARCHITECTURES = {Architecture.X86_64: "X86_64", Architecture.ARM64: "ARM64"}
"""Names of the architectures in ECS (ECS API reference, RuntimePlatform, cpuArchitecture)."""

IMAGES_GIB = 20
"""Default storage of Fargate tasks for images and volumes (ECS developer guide, Fargate task ephemeral storage)."""

LONGEST_DRAIN = "13h"
"""Time for which a deletion waits for work in progress. A message can be in flight for at most 12 hours."""


@dataclass(frozen=True, kw_only=True)
class EcsResources:
    """Resources of a lane on ECS."""

    service: ecs.Service
    task_definition: ecs.TaskDefinition


def deploy(context: LaneContext, opts: ResourceOptions) -> Consumer:
    """Create an ECS service that scales from zero with the backlog.

    Creates:
        - `{lane}-exec` (aws.iam.Role) and `{lane}-execution` (aws.iam.RolePolicy): used to start the containers
        - `{lane}-task` (aws.ecs.TaskDefinition): the containers adapter, gate, app and waiter
        - `{lane}-service` (aws.ecs.Service)
        - `{lane}-scaling` (aws.appautoscaling.Target), `{lane}-start`, `{lane}-reduce` and `{lane}-stop` (Policy) with
          the alarms `{lane}-waiting`, `{lane}-surplus` and `{lane}-idle` (aws.cloudwatch.MetricAlarm)
        - `{lane}-active` (aws.scheduler.Schedule): keeps the metrics of an idle inbox up to date

    Raises:
        DefinitionError: The platform has no ECS cluster. The error is raised in an apply.
    """
    function, platform = context.function, context.required_platform
    cluster: Any = platform.apply(lambda facts: require_ecs(function.display_name, facts))
    size = _choose_size(function)
    wanted = list_services(function.secrets.values())
    consequence = "ECS cannot read its secrets or start tasks"
    warn_if_unreachable(function.display_name, platform.reachable_services, wanted, consequence, opts.parent)
    _warn_about_spot(function, cluster, opts.parent)
    execution = _create_execution_role(context, platform.adapter_image, opts)
    task = _create_task(context, cluster, _container_definitions(context), size, execution.arn, opts)
    service = _create_service(context, cluster, task, [execution.policy], opts)
    scaling = ScalingArgs(
        name=context.name,
        inbox_url=context.inbox.url,
        inbox_arn=context.inbox.arn,
        service=service,
        minimum=0 if context.lane.paused else function.ecs.minimum_tasks,
        maximum=0 if context.lane.paused else context.lane.concurrency(MAXIMUM_CONCURRENCY),
        scheduler_role_arn=execution.arn,
        tags=function.tags,
    )
    create_scaling(scaling, opts)
    outputs: dict[str, Output[Any]] = {
        "cluster_arn": service.cluster,
        "service_name": service.name,
        "task_definition_arn": task.arn,
        "task_cpu": size.apply(lambda known: known.cpu),
        "task_memory_mib": size.apply(lambda known: known.memory_mib),
    }
    return Consumer(outputs=outputs, resources=EcsResources(service=service, task_definition=task))


def _create_execution_role(context: LaneContext, adapter_image: Output[str], opts: ResourceOptions) -> ExecutionRole:
    function = context.function
    args = ExecutionRoleArgs(
        name=context.name,
        display_name=function.display_name,
        account=context.account,
        inbox_arn=context.inbox.arn,
        log_group_arn=context.log_group.arn,
        images=[function.image, adapter_image],
        secrets=list(function.secrets.values()),
        tags=function.tags,
    )
    return create_execution_role(args, opts)


def _container_definitions(context: LaneContext) -> list[dict[str, Any]]:
    function, platform = context.function, context.required_platform
    args = ContainersArgs(
        lane=context.lane.name,
        image=function.image,
        process=function.process,
        memory_mib=function.memory_mib,
        variables=app_environment(context, Target.ECS, platform.region),
        secrets=function.secrets,
        adapter_image=platform.adapter_image,
        adapter_command=adapter_command(context, Target.ECS, *ADAPTER_OPTIONS),
        log_group_name=context.log_group.name,
        region=platform.region,
    )
    return container_definitions(args)


def _create_task(
    context: LaneContext,
    cluster: Output[EcsFacts],
    definitions: list[dict[str, Any]],
    size: Output[TaskSize],
    execution_role_arn: Input[str],
    opts: ResourceOptions,
) -> ecs.TaskDefinition:
    function = context.function
    compatibility = cluster.capacity_provider.apply(lambda name: "FARGATE" if name.startswith(FARGATE) else "EC2")
    return ecs.TaskDefinition(
        f"{context.name}-task",
        family=context.names.task_family,
        container_definitions=apply_known({"all": definitions}, lambda known: json.dumps(known["all"])),
        volumes=[{"name": TMP}],
        ephemeral_storage=_ephemeral_storage(function, cluster),
        cpu=size.apply(lambda known: str(known.cpu)),
        memory=size.apply(lambda known: str(known.memory_mib)),
        network_mode="awsvpc",
        requires_compatibilities=compatibility.apply(lambda word: [word]),
        runtime_platform={
            "cpu_architecture": CPU_ARCHITECTURES[function.architecture],
            "operating_system_family": "LINUX",
        },
        execution_role_arn=execution_role_arn,
        task_role_arn=context.role.arn,
        # A failed deployment rolls back to the previous revision, which must not be INACTIVE.
        skip_destroy=True,
        tags=function.tags,
        opts=opts,
    )


def _ephemeral_storage(function: FunctionSpec, cluster: Output[EcsFacts]) -> Any:
    """Return the task's storage on Fargate, including the images, or None for the default.

    Raises:
        DefinitionError: The tasks run on EC2 and share their instance's disk. The error is raised in an apply.
    """
    if function.ephemeral_storage_mib == EPHEMERAL_STORAGE_MIB:
        return None
    size = IMAGES_GIB + math.ceil(function.ephemeral_storage_mib / 1024)

    def require_fargate(capacity_provider: str) -> dict[str, int]:
        if not capacity_provider.startswith(FARGATE):
            text = f"has no effect on capacity provider {capacity_provider}, whose tasks share an instance's disk"
            problem = Problem(path="ephemeral_storage_mib", text=f"{text}; remove it, and use larger instance disks")
            raise DefinitionError(function.display_name, [problem])
        return {"size_in_gib": size}

    return cluster.capacity_provider.apply(require_fargate)


def _create_service(
    context: LaneContext,
    cluster: Output[EcsFacts],
    task: ecs.TaskDefinition,
    ready: Sequence[Resource],
    opts: ResourceOptions,
) -> ecs.Service:
    function = context.function
    platforms: Any = {"capacity_provider": cluster.capacity_provider, "weight": 1}
    strategies: list[Any] = list(function.ecs.strategies) or [platforms]
    own = ResourceOptions(
        depends_on=[*context.ready, *context.inbox.ready, *ready],
        ignore_changes=["desiredCount"],  # scaling sets it
        protect=function.drain_before_delete and not context.lane.paused,
        custom_timeouts=CustomTimeouts(delete=LONGEST_DRAIN),
    )
    return ecs.Service(
        f"{context.name}-service",
        cluster=cluster.cluster_arn,
        task_definition=task.arn,
        desired_count=0,
        capacity_provider_strategies=strategies,
        network_configuration=_network_configuration(context.network),
        # Rebalancing is enabled by default and could stop a busy task.
        availability_zone_rebalancing="DISABLED",
        deployment_circuit_breaker={"enable": True, "rollback": True},
        deployment_minimum_healthy_percent=0,
        deployment_maximum_percent=200,
        # Otherwise, changing the capacity provider would replace the service (Terraform registry, aws_ecs_service).
        force_new_deployment=True,
        propagate_tags="SERVICE",
        tags=function.tags,
        opts=ResourceOptions.merge(opts, own),
    )


def _warn_about_spot(function: FunctionSpec, cluster: Output[EcsFacts], resource: Resource | None) -> None:
    """Warn about runs that a Spot interruption can stop, because it ignores task protection and allows two minutes."""

    def check_provider(known: list[Any]) -> None:
        timeout_seconds, *providers = known
        if SPOT in providers and timeout_seconds > GRACE_SECONDS:
            pulumi.warn(
                f"{function.display_name}: runs of up to {int(timeout_seconds)} s on {SPOT} may be interrupted "
                f"after {GRACE_SECONDS} s, despite task protection. The fifth interruption moves a message to the "
                f"dead-letter queue. Use capacity_provider: {FARGATE}, or timeout_seconds of at most {GRACE_SECONDS}.",
                resource,
            )

    names = [strategy["capacity_provider"] for strategy in function.ecs.strategies] or [cluster.capacity_provider]
    Output.all(function.timeout_seconds, *names).apply(check_provider)


def _network_configuration(network: Attachment | None) -> Any:
    assert network is not None  # noqa: S101 - `check` requires a VPC
    return {
        "subnets": network.subnet_ids,
        "security_groups": list(network.security_group_ids),
        "assign_public_ip": False,
    }


def _choose_size(function: FunctionSpec) -> Output[TaskSize]:
    """Return the smallest task size for the image and the adapter."""

    def fit(memory_mib: int) -> TaskSize:
        size = task_size(memory_mib + ADAPTER_MIB, function.vcpu)
        assert size is not None  # noqa: S101 - `value_checks` rejects values that fit no size
        return size

    memory: Output[Any] = Output.from_input(function.memory_mib)
    return memory.apply(fit)

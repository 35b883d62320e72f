"""Target `ecs`: a worker service on Amazon ECS, whose tasks are the image and the adapter."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi import CustomTimeouts, Input, Output, Resource, ResourceOptions
from pulumi_aws import ecs

from intermodal import naming
from intermodal.documents import when_known
from intermodal.errors import DefinitionError, Problem
from intermodal.fit import TaskSize, limits_of, task_size
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.identity.secrets import secret_services
from intermodal.network.attachment import Attachment
from intermodal.network.reach import warn_of_unreached
from intermodal.platform.ecs import FARGATE, SPOT
from intermodal.targets.checks import within
from intermodal.targets.contract import LaneContext, TargetOutputs
from intermodal.targets.ecs_containers import TMP, containers
from intermodal.targets.ecs_execution import create_execution_role
from intermodal.targets.ecs_scaling import create_scaling
from intermodal.targets.off_lambda import (
    ADAPTER_MIB,
    GRACE_SECONDS,
    handle_of,
    lane_problems,
    longest_run,
    needs_platform,
)
from intermodal.validation import Check, gated, problems_of

WORD = "ecs"
ARCHITECTURES = {"x86_64": "X86_64", "arm64": "ARM64"}
MOST_TASKS = 10
"""Where a lane sets no maximum_concurrency."""

LONGEST_DRAIN = "13h"
"""How long a deletion waits for work under way: a message is held for 12 hours at most."""


class EcsTarget:
    """Runs a lane as a service of Amazon ECS, from no task to as many as the backlog wants.

    Creates:
        - `{lane}-exec` (aws.iam.Role) and `{lane}-execution` (aws.iam.RolePolicy): what starts the containers
        - `{lane}-task` (aws.ecs.TaskDefinition): the containers adapter, gate and app
        - `{lane}-service` (aws.ecs.Service)
        - `{lane}-scaling` (aws.appautoscaling.Target), `{lane}-start`, `{lane}-reduce` and `{lane}-stop` (Policy) with
          the alarms `{lane}-waiting`, `{lane}-surplus` and `{lane}-idle` (aws.cloudwatch.MetricAlarm)
        - `{lane}-active` (aws.scheduler.Schedule): keeps the metrics of a silent inbox from coming late
    """

    word: str = WORD
    principals: Sequence[str] = ("ecs-tasks",)

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """A platform and its VPC, and sizes that a task has. FIFO is kept: SQS holds a group while it is at work."""
        problems = problems_of(function.timeout_seconds, longest_run(WORD))
        problems += problems_of(function.memory_mib, _memory(function.vcpu))
        if function.platform is None:
            problems.append(needs_platform(WORD))
        elif not function.vpc:
            problems.append(Problem(path="vpc", text="must be true for target ecs, whose tasks are in a VPC; set it"))
        return problems + lane_problems(function, lane, WORD)

    def gate(self, function: FunctionSpec) -> FunctionSpec:
        """The timeout within what a message can be held; the size is checked where it is used."""
        timeout = gated(function.timeout_seconds, function.subject, longest_run(WORD))
        return dataclasses.replace(function, timeout_seconds=timeout)

    def deploy(self, context: LaneContext, opts: ResourceOptions) -> TargetOutputs:
        """Roles first, then the task definition, then the service and what scales it."""
        wanted = secret_services(context.function.secrets.values())
        warn_of_unreached(context.function, wanted, "ECS cannot read its secrets and starts no task", opts.parent)
        _warn_of_spot(context, opts.parent)
        execution = create_execution_role(context, opts)
        size = _size(context.function)
        task = self._create_task(context, size, execution.arn, opts)
        service = self._create_service(context, task, [execution.policy], opts)
        lane = context.lane
        most = 0 if lane.paused else MOST_TASKS if lane.maximum_concurrency is None else lane.maximum_concurrency
        create_scaling(context, service, most, execution.arn, opts)
        return {
            "cluster_arn": service.cluster,
            "service_name": service.name,
            "task_definition_arn": task.arn,
            "task_cpu": size.apply(lambda known: known.cpu),
            "task_memory_mib": size.apply(lambda known: known.memory_mib),
        }

    def _create_task(
        self, context: LaneContext, size: Output[TaskSize], execution_arn: Input[str], opts: ResourceOptions
    ) -> ecs.TaskDefinition:
        function = context.function
        provider = handle_of(function)["ecs_capacity_provider"]
        return ecs.TaskDefinition(
            f"{context.name}-task",
            family=naming.task_family(pulumi.get_project(), pulumi.get_stack(), function.name, context.lane.name),
            container_definitions=when_known({"all": containers(context)}, lambda known: json.dumps(known["all"])),
            volumes=[{"name": TMP}],
            cpu=size.apply(lambda known: str(known.cpu)),
            memory=size.apply(lambda known: str(known.memory_mib)),
            network_mode="awsvpc",
            requires_compatibilities=provider.apply(lambda name: ["FARGATE" if name.startswith(FARGATE) else "EC2"]),
            runtime_platform={
                "cpu_architecture": ARCHITECTURES[function.architecture.value],
                "operating_system_family": "LINUX",
            },
            execution_role_arn=execution_arn,
            task_role_arn=context.role.arn,
            # A deployment that fails goes back to the revision before, which must not be INACTIVE then.
            skip_destroy=True,
            tags=function.tags,
            opts=opts,
        )

    def _create_service(
        self, context: LaneContext, task: ecs.TaskDefinition, ready: Sequence[Any], opts: ResourceOptions
    ) -> ecs.Service:
        function = context.function
        handle = handle_of(function)
        strategy: Any = {"capacity_provider": handle["ecs_capacity_provider"], "weight": 1}
        return ecs.Service(
            f"{context.name}-service",
            cluster=handle["ecs_cluster_arn"].apply(lambda arn: with_cluster(function.subject, arn)),
            task_definition=task.arn,
            desired_count=0,
            capacity_provider_strategies=[strategy],
            network_configuration=_network(context.network),
            # It may stop a task at work to spread tasks over zones, and is on by default.
            availability_zone_rebalancing="DISABLED",
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_minimum_healthy_percent=0,
            deployment_maximum_percent=200,
            # Or another capacity provider would replace the service (Terraform registry, aws_ecs_service).
            force_new_deployment=True,
            propagate_tags="SERVICE",
            tags=function.tags,
            opts=ResourceOptions.merge(
                opts,
                ResourceOptions(
                    depends_on=[*context.ready, *context.inbox.ready, *ready],
                    ignore_changes=["desiredCount"],  # scaling's
                    protect=function.drain_before_delete and not context.lane.paused,
                    custom_timeouts=CustomTimeouts(delete=LONGEST_DRAIN),
                ),
            ),
        )


def _warn_of_spot(context: LaneContext, resource: Resource | None) -> None:
    """Warn of runs that a Spot interruption cuts short: it asks for no protection, and a task has two minutes."""

    def look(known: list[Any]) -> None:
        provider, timeout_seconds = known
        if provider == SPOT and timeout_seconds > GRACE_SECONDS:
            pulumi.warn(
                f"{context.function.subject}: runs of up to {int(timeout_seconds)} s on {SPOT} may be interrupted "
                f"after {GRACE_SECONDS} s, whatever their protection, and five interruptions make a dead letter. Use "
                f"capacity_provider: {FARGATE}, or a timeout_seconds of at most {GRACE_SECONDS}.",
                resource,
            )

    Output.all(handle_of(context.function)["ecs_capacity_provider"], context.function.timeout_seconds).apply(look)


def with_cluster(subject: str, arn: str) -> str:
    """The cluster of a platform that has one.

    Raises:
        DefinitionError: it has none.
    """
    if not arn:
        text = "needs a platform with an ECS cluster, and this one has none; give the platform ecs: {}"
        raise DefinitionError(subject, [Problem(path="target ecs", text=text)])
    return arn


def _network(network: Attachment | None) -> Any:
    assert network is not None  # noqa: S101 - `check` wants a VPC
    return {
        "subnets": network.subnet_ids,
        "security_groups": list(network.security_group_ids),
        "assign_public_ip": False,
    }


def _memory(vcpu: float) -> Check:
    within_limits = within("memory_mib", limits_of(WORD).memory_mib, WORD, "change it")

    def check(given: object) -> Problem | None:
        if problem := within_limits(given):
            return problem
        if isinstance(given, int) and task_size(given + ADAPTER_MIB, vcpu) is None:
            text = f"and vcpu must fit a Fargate size for target ecs, got {given} and {vcpu:g}"
            return Problem(path="memory_mib", text=f"{text}; the largest has 32 vCPU, and 16 vCPU go up to 122752 MiB")
        return None

    return check


def _size(function: FunctionSpec) -> Output[TaskSize]:
    """The smallest size that holds the image and the adapter."""
    memory: Output[Any] = Output.from_input(function.memory_mib)
    checked: Any = gated(memory, function.subject, _memory(function.vcpu))
    return Output.from_input(checked).apply(lambda memory: _fitting(memory, function.vcpu))


def _fitting(memory_mib: int, vcpu: float) -> TaskSize:
    size = task_size(memory_mib + ADAPTER_MIB, vcpu)
    assert size is not None  # noqa: S101 - `_memory` has seen to it
    return size


TARGET = EcsTarget()

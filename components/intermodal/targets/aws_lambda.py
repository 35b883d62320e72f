"""Target `lambda`: an image function of AWS Lambda and its event source mapping."""

import dataclasses
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import pulumi
from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import lambda_

from intermodal import naming
from intermodal.errors import DefinitionError, Problem
from intermodal.fit import limits_of
from intermodal.function.image import HOW_TO_BUILD, folder_of
from intermodal.function.spec import FunctionSpec, LaneSpec
from intermodal.network.attachment import Attachment
from intermodal.platform.ecr import repository_of
from intermodal.targets.checks import at_most_bytes, variable_names, within
from intermodal.targets.contract import LaneContext, TargetOutputs
from intermodal.targets.secret_values import secret_values
from intermodal.validation import Check, gated, problems_of

WORD = "lambda"
BATCH_SIZE = 10
PAUSED = 0
MOST_RUNS = 50
"""Where a lane sets no maximum_concurrency. Without a limit one burst takes the account's concurrency from every other
function, and a batch that is throttled counts as an attempt: after five, healthy messages are dead letters (Lambda
developer guide, Using Lambda with Amazon SQS)."""

MIB_OF_A_VCPU = 1769
"""Memory at which a function has one vCPU (Lambda developer guide, Configure memory)."""


class LambdaTarget:
    """Runs a lane on AWS Lambda.

    Creates:
        - `{lane}-function` (aws.lambda.Function): the image, with the function's role and log group
        - `{lane}-mapping` (aws.lambda.EventSourceMapping): disabled where the lane is paused
    """

    word: str = WORD
    principals: Sequence[str] = ("lambda",)

    def check(self, function: FunctionSpec, lane: LaneSpec) -> list[Problem]:
        """Lambda's limits on timeout, memory, concurrency and environment."""
        limits = limits_of(WORD)
        problems = problems_of(function.timeout_seconds, _timeout()) + problems_of(function.memory_mib, _memory())
        problems += problems_of(function.image, _in_ecr)
        if lane.maximum_concurrency not in {None, PAUSED}:
            path = f'lane "{lane.name}": maximum_concurrency'
            problems += problems_of(
                lane.maximum_concurrency,
                within(path, limits.maximum_concurrency, WORD, "change it, or 0 to pause"),
            )
        problems += _enough_memory(function)
        problems += variable_names(function, limits, WORD)
        if not any(isinstance(value, Output) for value in function.environment.values()):
            problems += problems_of(function.environment, at_most_bytes(limits.environment_bytes, WORD))
        return problems

    def gate(self, function: FunctionSpec) -> FunctionSpec:
        """Timeout and memory within Lambda's limits, whoever reads them."""
        subject = function.subject
        return dataclasses.replace(
            function,
            image=gated(function.image, subject, _in_ecr),
            timeout_seconds=gated(function.timeout_seconds, subject, _timeout()),
            memory_mib=gated(function.memory_mib, subject, _memory()),
        )

    def deploy(self, context: LaneContext, opts: ResourceOptions) -> TargetOutputs:
        """Create the function, then the mapping once the role may consume."""
        function = self._create_function(context, opts)
        mapping = self._create_mapping(context, function, opts)
        return {"function_name": function.name, "function_arn": function.arn, "mapping_id": mapping.uuid}

    def _create_function(self, context: LaneContext, opts: ResourceOptions) -> lambda_.Function:
        spec = context.function
        name = naming.lambda_function(pulumi.get_project(), pulumi.get_stack(), spec.name, context.lane.name)
        # The inbox first: Lambda refuses a timeout above the visibility of the queue that a mapping reads.
        before = ResourceOptions(depends_on=[*context.ready, *context.inbox.ready])
        return lambda_.Function(
            f"{context.name}-function",
            name=name,
            package_type="Image",
            image_uri=_in_region(context),
            role=context.role.arn,
            architectures=[spec.architecture.value],
            memory_size=spec.memory_mib,
            timeout=spec.timeout_seconds,
            environment=_environment(spec, opts.parent),
            kms_key_arn=spec.kms_key_arn,
            logging_config={"log_format": "JSON", "log_group": context.log_group.name},
            vpc_config=_vpc_config(context.network) if context.network else None,
            tags=spec.tags,
            opts=ResourceOptions.merge(opts, before),
        )

    def _create_mapping(
        self, context: LaneContext, function: lambda_.Function, opts: ResourceOptions
    ) -> lambda_.EventSourceMapping:
        lane = context.lane
        limit = MOST_RUNS if lane.maximum_concurrency is None else lane.maximum_concurrency
        return lambda_.EventSourceMapping(
            f"{context.name}-mapping",
            event_source_arn=context.inbox.arn,
            function_name=function.arn,
            batch_size=BATCH_SIZE,
            enabled=not lane.paused and limit != PAUSED,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config={"maximum_concurrency": limit} if limit else None,
            tags=context.function.tags,
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=list(context.ready))),
        )


def _vpc_config(network: Attachment) -> lambda_.FunctionVpcConfigArgsDict:
    return {
        "subnet_ids": network.subnet_ids,
        "security_group_ids": list(network.security_group_ids),
        "ipv6_allowed_for_dual_stack": network.dualstack,
    }


def _enough_memory(function: FunctionSpec) -> list[Problem]:
    def check(memory_mib: object) -> Problem | None:
        needed = round(function.vcpu * MIB_OF_A_VCPU)
        if not isinstance(memory_mib, int) or memory_mib >= needed:
            return None
        text = f"must be at least {needed} for {function.vcpu:g} vcpu on target lambda, got {memory_mib}"
        return Problem(path="memory_mib", text=f"{text}; raise it or lower vcpu")

    return problems_of(function.memory_mib, check)


def _in_ecr(image: object) -> Problem | None:
    """Lambda takes images of Amazon ECR alone (Lambda API reference, FunctionCode, ImageUri)."""
    if not isinstance(image, str) or not image or folder_of(image) is not None or repository_of(image):
        return None
    text = f"must be in Amazon ECR for target lambda, got {image}; push it there as one manifest: {HOW_TO_BUILD}"
    return Problem(path="image", text=text)


def _in_region(context: LaneContext) -> Output[str]:
    """The image, once it is known to be in the function's Region, as Lambda requires."""

    def look(known: list[str]) -> str:
        image, region = known
        found = repository_of(image) if isinstance(image, str) else None
        if found and region and found.region != region:
            text = f"must be in ECR in {region}, where the function is, got {image}; replicate the repository there"
            raise DefinitionError(context.function.subject, [Problem(path="image", text=text)])
        return image

    return Output.all(context.function.image, context.region).apply(look)


def _timeout() -> Check:
    return within(
        "timeout_seconds",
        limits_of(WORD).timeout_seconds,
        WORD,
        "lower it or use target ecs or kubernetes",
    )


def _memory() -> Check:
    return within("memory_mib", limits_of(WORD).memory_mib, WORD, "change it")


def _environment(spec: FunctionSpec, parent: Resource | None) -> lambda_.FunctionEnvironmentArgsDict | None:
    secrets = secret_values(spec, WORD, parent)
    if not secrets:
        return {"variables": _checked_environment(spec)} if spec.environment else None
    # All of them are measured where the secrets are read, so that the others stay to be seen in a preview.
    check = at_most_bytes(limits_of(WORD).environment_bytes, WORD)
    everything: Any = gated(Output.all(**spec.environment, **secrets), spec.subject, check)
    measured = {name: everything.apply(itemgetter(name)) for name in secrets}
    return {"variables": {**spec.environment, **measured}}


def _checked_environment(spec: FunctionSpec) -> Input[Mapping[str, Any]]:
    if not any(isinstance(value, Output) for value in spec.environment.values()):
        return spec.environment  # `check` has seen it
    check = at_most_bytes(limits_of(WORD).environment_bytes, WORD)
    return gated(Output.all(**spec.environment), spec.subject, check)


TARGET = LambdaTarget()

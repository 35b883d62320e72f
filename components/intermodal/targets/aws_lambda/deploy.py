"""Deploy a lane to AWS Lambda as a container image function with an event source mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from pulumi import Input, Output, Resource, ResourceOptions
from pulumi_aws import lambda_

from intermodal.definition.resolve import EPHEMERAL_STORAGE_MIB
from intermodal.definition.spec import FunctionSpec, ProcessSpec
from intermodal.images.ecr import repository_of
from intermodal.limits import Target, limits_of
from intermodal.network.attachment import Attachment
from intermodal.problems.errors import DefinitionError, Problem
from intermodal.problems.validation import check_output
from intermodal.targets.aws_lambda.check import MAXIMUM_CONCURRENCY
from intermodal.targets.checks import PAUSED, environment_size_check
from intermodal.targets.context import LaneContext
from intermodal.targets.contract import Consumer
from intermodal.targets.secrets import read_secrets


@dataclass(frozen=True, kw_only=True)
class LambdaResources:
    """Resources of a lane on Lambda."""

    function: lambda_.Function
    mapping: lambda_.EventSourceMapping


def deploy(context: LaneContext, opts: ResourceOptions) -> Consumer:
    """Create the Lambda function, and the mapping once the role is allowed to consume messages.

    Creates:
        - `{lane}-function` (aws.lambda.Function): the image with the container function's role and log group
        - `{lane}-mapping` (aws.lambda.EventSourceMapping): disabled while the lane is paused
    """
    function = _create_function(context, opts)
    mapping = _create_mapping(context, function, opts)
    return Consumer(
        outputs={"function_name": function.name, "function_arn": function.arn, "mapping_id": mapping.uuid},
        resources=LambdaResources(function=function, mapping=mapping),
    )


def _create_function(context: LaneContext, opts: ResourceOptions) -> lambda_.Function:
    spec = context.function
    # Update the inbox first, because Lambda rejects a timeout above the visibility timeout of a mapped queue.
    before = ResourceOptions(depends_on=[*context.ready, *context.inbox.ready])
    return lambda_.Function(
        f"{context.name}-function",
        name=context.names.lambda_function,
        package_type="Image",
        image_uri=_require_region(spec, context.region),
        image_config=_image_config(spec.process),
        role=context.role.arn,
        architectures=[spec.architecture.value],
        memory_size=spec.memory_mib,
        ephemeral_storage=_ephemeral_storage(spec.ephemeral_storage_mib),
        reserved_concurrent_executions=spec.reserved_concurrency,
        timeout=spec.timeout_seconds,
        environment=_environment(spec, opts.parent),
        kms_key_arn=spec.kms_key_arn,
        logging_config={"log_format": "JSON", "log_group": context.log_group.name},
        vpc_config=_vpc_config(context.network) if context.network else None,
        tags=spec.tags,
        opts=ResourceOptions.merge(opts, before),
    )


def _create_mapping(
    context: LaneContext, function: lambda_.Function, opts: ResourceOptions
) -> lambda_.EventSourceMapping:
    lane, batch = context.lane, context.function.batch
    limit = lane.concurrency(MAXIMUM_CONCURRENCY)
    return lambda_.EventSourceMapping(
        f"{context.name}-mapping",
        event_source_arn=context.inbox.arn,
        function_name=function.arn,
        batch_size=batch.size,
        maximum_batching_window_in_seconds=batch.window_seconds or None,
        enabled=not lane.paused and limit != PAUSED,
        function_response_types=["ReportBatchItemFailures"] if batch.report_item_failures else None,
        scaling_config={"maximum_concurrency": limit} if limit else None,
        tags=context.function.tags,
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=list(context.ready))),
    )


def _image_config(process: ProcessSpec) -> lambda_.FunctionImageConfigArgsDict | None:
    if process.command is None and process.working_directory is None:
        return None
    config: lambda_.FunctionImageConfigArgsDict = {}
    if process.command is not None:
        config["commands"] = list(process.command)
    if process.entry_point is not None:
        config["entry_points"] = list(process.entry_point)
    if process.working_directory is not None:
        config["working_directory"] = process.working_directory
    return config


def _ephemeral_storage(size_mib: int) -> lambda_.FunctionEphemeralStorageArgsDict | None:
    return None if size_mib == EPHEMERAL_STORAGE_MIB else {"size": size_mib}


def _vpc_config(network: Attachment) -> lambda_.FunctionVpcConfigArgsDict:
    return {
        "subnet_ids": network.subnet_ids,
        "security_group_ids": list(network.security_group_ids),
        "ipv6_allowed_for_dual_stack": network.dualstack,
    }


def _require_region(spec: FunctionSpec, region: Input[str]) -> Output[str]:
    """Return the image after checking that it is in the function's Region, which Lambda requires."""

    def check_region(known: list[str]) -> str:
        image, here = known
        found = repository_of(image) if isinstance(image, str) else None
        if found and here and found.region != here:
            text = f"must be in ECR in the function's Region {here}, got {image}; replicate the repository there"
            raise DefinitionError(spec.display_name, [Problem(path="image", text=text)])
        return image

    return Output.all(spec.image, region).apply(check_region)


def _environment(spec: FunctionSpec, parent: Resource | None) -> lambda_.FunctionEnvironmentArgsDict | None:
    secrets = read_secrets(spec.display_name, spec.secrets, Target.LAMBDA, parent)
    if not secrets:
        return {"variables": _check_environment(spec)} if spec.environment else None
    # Check the size in the secrets' apply, so that previews still show the other variables.
    check = environment_size_check(limits_of(Target.LAMBDA).environment_bytes, Target.LAMBDA)
    everything: Any = check_output(Output.all(**spec.environment, **secrets), spec.display_name, check)
    measured = {name: everything.apply(itemgetter(name)) for name in secrets}
    return {"variables": {**spec.environment, **measured}}


def _check_environment(spec: FunctionSpec) -> Input[Mapping[str, Any]]:
    if not any(isinstance(value, Output) for value in spec.environment.values()):
        return spec.environment  # `check` has already validated it
    check = environment_size_check(limits_of(Target.LAMBDA).environment_bytes, Target.LAMBDA)
    return check_output(Output.all(**spec.environment), spec.display_name, check)

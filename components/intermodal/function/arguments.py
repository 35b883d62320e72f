"""Build the arguments for a function's resources from its spec."""

from typing import Any

from pulumi import Input, Output
from pulumi_aws import cloudwatch

from intermodal.definition.spec import FunctionSpec
from intermodal.events.undelivered import UndeliveredArgs
from intermodal.function.trust import required_principals, role_trust
from intermodal.identity.role import PermissionsArgs, RoleArgs
from intermodal.platform.facts import read_part


def role_args(spec: FunctionSpec, account: Input[str]) -> RoleArgs:
    """Return the arguments for the function's role."""
    return RoleArgs(
        function=spec.name,
        display_name=spec.display_name,
        account=account,
        trust=role_trust(spec),
        existing_arn=spec.role_arn,
        principals=required_principals(spec),
        protect=spec.protect,
        tags=spec.tags,
    )


def permissions_args(spec: FunctionSpec, logs: cloudwatch.LogGroup) -> PermissionsArgs:
    """Return the arguments for the role's permissions."""
    clusters: Output[Any] | None = None
    if spec.platform is not None:
        clusters = read_part(spec.platform, lambda facts: facts.ecs and facts.ecs.cluster_arn)
    return PermissionsArgs(
        function=spec.name,
        display_name=spec.display_name,
        log_group=logs,
        vpc=spec.vpc,
        kms_key_arn=spec.kms_key_arn,
        ecs_cluster_arn=clusters,
        permissions=spec.permissions,
    )


def undelivered_args(spec: FunctionSpec) -> UndeliveredArgs:
    """Return the arguments for the undelivered queue."""
    return UndeliveredArgs(
        function=spec.name,
        display_name=spec.display_name,
        fifo=spec.fifo,
        protect=spec.protect,
        alarm_topic_arns=spec.alarm_topic_arns,
        tags=spec.tags,
    )

"""The table: one module a service, one row a type."""

from local.providers.aws import (
    alarms,
    apis,
    autoscaling,
    buses,
    dynamodb,
    ecs,
    ecs_services,
    events,
    functions,
    iam,
    invokes,
    logs,
    lookups,
    mappings,
    network,
    policies,
    routes,
    s3,
    scheduler,
    secrets,
    security_groups,
    sns,
    sqs,
    ssm,
)
from local.providers.table import Invoke, Row

ROWS: dict[str, Row] = {
    **alarms.ROWS,
    **apis.ROWS,
    **autoscaling.ROWS,
    **buses.ROWS,
    **dynamodb.ROWS,
    **ecs.ROWS,
    **ecs_services.ROWS,
    **events.ROWS,
    **functions.ROWS,
    **iam.ROWS,
    **logs.ROWS,
    **mappings.ROWS,
    **network.ROWS,
    **policies.ROWS,
    **routes.ROWS,
    **s3.ROWS,
    **scheduler.ROWS,
    **secrets.ROWS,
    **security_groups.ROWS,
    **sns.ROWS,
    **sqs.ROWS,
    **ssm.ROWS,
}
INVOKES: dict[str, Invoke] = {**invokes.INVOKES, **lookups.INVOKES}

__all__ = ["INVOKES", "ROWS"]

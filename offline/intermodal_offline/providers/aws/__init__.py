"""Collect the supported aws resource types: each module in this package implements the types of one service."""

from intermodal_offline.providers.aws import (
    alarms,
    apis,
    buses,
    clusters,
    dynamodb,
    ecr,
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
    scaling,
    scheduler,
    secrets,
    security_groups,
    services,
    sns,
    sqs,
    ssm,
)
from intermodal_offline.providers.table import Invoke, Row

ROWS: dict[str, Row] = {
    **alarms.ROWS,
    **apis.ROWS,
    **buses.ROWS,
    **clusters.ROWS,
    **dynamodb.ROWS,
    **ecr.ROWS,
    **events.ROWS,
    **functions.ROWS,
    **iam.ROWS,
    **logs.ROWS,
    **mappings.ROWS,
    **network.ROWS,
    **policies.ROWS,
    **routes.ROWS,
    **s3.ROWS,
    **scaling.ROWS,
    **scheduler.ROWS,
    **secrets.ROWS,
    **security_groups.ROWS,
    **services.ROWS,
    **sns.ROWS,
    **sqs.ROWS,
    **ssm.ROWS,
}
INVOKES: dict[str, Invoke] = {
    **invokes.INVOKES,
    **lookups.INVOKES,
    **secrets.INVOKES,
    **ssm.INVOKES,
}

__all__ = ["INVOKES", "ROWS"]

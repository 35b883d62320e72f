"""The table: one module a service, one row a type."""

from local.providers.aws import (
    events,
    functions,
    iam,
    invokes,
    logs,
    mappings,
    network,
    routes,
    s3,
    security_groups,
    sqs,
    ssm,
)
from local.providers.table import Invoke, Row

ROWS: dict[str, Row] = {
    **events.ROWS, **functions.ROWS, **iam.ROWS, **logs.ROWS, **mappings.ROWS, **network.ROWS,
    **routes.ROWS, **s3.ROWS, **security_groups.ROWS, **sqs.ROWS, **ssm.ROWS,
}  # fmt: skip
INVOKES: dict[str, Invoke] = invokes.INVOKES

__all__ = ["INVOKES", "ROWS"]

"""The table: one module a service, one row a type."""

from local.providers.aws import events, functions, iam, invokes, logs, mappings, s3, sqs, ssm
from local.providers.table import Invoke, Row

ROWS: dict[str, Row] = {
    **events.ROWS, **functions.ROWS, **iam.ROWS, **logs.ROWS, **mappings.ROWS, **s3.ROWS, **sqs.ROWS, **ssm.ROWS,
}  # fmt: skip
INVOKES: dict[str, Invoke] = invokes.INVOKES

__all__ = ["INVOKES", "ROWS"]

"""Pass secrets to a function: values in variables, or the ARN for a handler that reads the secret."""

import pulumi
from pulumi_aws import secretsmanager

from intermodal import ContainerFunction, Target, read

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

# --8<-- [start:value]
database = secretsmanager.Secret("database")
version = secretsmanager.SecretVersion(
    "database", secret_id=database.arn, secret_string=pulumi.Config().require_secret("database")
)
scan = ContainerFunction(
    "scan", {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "secrets": {"DB_URL": version.secret_arn}}
)
# --8<-- [end:value]

# --8<-- [start:read]
report = ContainerFunction("report", {"image": {"uri": IMAGE}, "target": Target.LAMBDA, "links": [read(database)]})
# --8<-- [end:read]

"""Pass secrets to a function: values in variables, or the ARN for a handler that reads the secret."""

import pulumi
from pulumi_aws import secretsmanager

from intermodal import ContainerFunction, read

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

# --8<-- [start:value]
database = secretsmanager.Secret("database")
version = secretsmanager.SecretVersion(
    "database", secret_id=database.arn, secret_string=pulumi.Config().require_secret("database")
)
scan = ContainerFunction("scan", image=IMAGE, target="lambda", secrets={"DB_URL": version.secret_arn})
# --8<-- [end:value]

# --8<-- [start:read]
report = ContainerFunction("report", image=IMAGE, target="lambda", links=[read(database)])
# --8<-- [end:read]

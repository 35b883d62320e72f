"""Deploy a function linked to one resource of each kind, except the links that the stack file leaves out."""

import pulumi
from pulumi_aws import cloudwatch, dynamodb, s3, secretsmanager, sns, sqs, ssm

from intermodal import ContainerFunction, Target, read, send, write

config = pulumi.Config()
bucket = s3.Bucket("files", force_destroy=True)
table = dynamodb.Table("rows", hash_key="id", attributes=[{"name": "id", "type": "S"}], billing_mode="PAY_PER_REQUEST")
secret = secretsmanager.Secret("key", recovery_window_in_days=0)
value = secretsmanager.SecretVersion("key", secret_id=secret.id, secret_string="s3cret")
parameter = ssm.Parameter("settings", type="String", value="{}")

links = {
    "read bucket": read(bucket),
    "write bucket": write(bucket),
    "send queue": send(sqs.Queue("next")),
    "send topic": send(sns.Topic("news")),
    "send bus": send(cloudwatch.EventBus("shop")),
    "read table": read(table),
    "write table": write(table),
    "read secret": read(secret),
    "read parameter": read(parameter),
    "write parameter": write(parameter),
}
without = config.get_object("without") or []
kept = [link for name, link in links.items() if name not in without]
variables = {link["variable"]: link["value"] for link in links.values()}
function = ContainerFunction(
    "calls",
    {
        "image": {"uri": config.require("image")},
        "target": Target.LAMBDA,
        "timeout_seconds": 30,
        # The environment variables stay, so that only the permission is missing.
        "environment": {
            name: value for name, value in variables.items() if name not in {link["variable"] for link in kept}
        },
        "links": kept,
    },
)

pulumi.export("function", function.lane_outputs["main"]["function_name"])

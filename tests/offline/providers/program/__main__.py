"""Declare one resource of every type, named `main`; VARIANT selects its arguments."""

import os

import pulumi
import pulumi_aws as aws

from tests.offline.providers.program import apis, messaging, network, policies, storage, workers
from tests.offline.providers.program.variants import arguments

account = aws.get_caller_identity().account_id
region = aws.get_region()
partition = aws.get_partition().partition
pulumi.export("where", f"{partition}:{region.region}:{account}")

given = arguments(os.environ["VARIANT"])

dead = aws.sqs.Queue("dead", **given["dead"])
queue = aws.sqs.Queue(
    "main",
    redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 3}),
    **given["Queue"],
)
aws.sqs.QueuePolicy(
    "main",
    queue_url=queue.url,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Resource": queue.arn,
                    **given["QueuePolicy"],
                }
            ],
        }
    ),
)
bucket = aws.s3.Bucket("main", **given["Bucket"])
aws.s3.BucketNotification(
    "main",
    bucket=bucket.id,
    queues=[
        aws.s3.BucketNotificationQueueArgs(
            queue_arn=queue.arn, events=["s3:ObjectCreated:*"], **given["BucketNotification"]
        )
    ],
)
role = aws.iam.Role("main", **given["Role"])
aws.iam.RolePolicy("main", role=role.name, **given["RolePolicy"])
group = aws.cloudwatch.LogGroup("main", **given["LogGroup"])
function = aws.lambda_.Function(
    "main",
    role=role.arn,
    package_type="Image",
    logging_config={"log_format": "JSON", "log_group": group.name},
    **given["Function"],
)
aws.lambda_.EventSourceMapping(
    "main", event_source_arn=queue.arn, function_name=function.name, **given["EventSourceMapping"]
)
rule = aws.cloudwatch.EventRule("main", **given["EventRule"])
aws.cloudwatch.EventTarget(
    "main",
    rule=rule.name,
    arn=queue.arn,
    dead_letter_config={"arn": dead.arn},
    **given["EventTarget"],
)
parameter = aws.ssm.Parameter("main", **given["Parameter"])
pulumi.export("version", function.version)
network.deploy(given)
messaging.deploy(given, queue, role)
storage.deploy(given)
apis.deploy(given, queue, role, group)
policies.deploy(given, role)
workers.deploy(given)

"""Add an alarm to a function's resources, and change resources that no argument reaches."""

from typing import Any

import pulumi
from pulumi_aws import cloudwatch

from intermodal import ContainerFunction, LambdaResources

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64

# --8<-- [start:nodes]
scan = ContainerFunction("scan", image=IMAGE, target="lambda")
inbox = scan.lanes["main"].inbox.queue

if inbox is not None:  # None for an existing queue
    cloudwatch.MetricAlarm(
        "scan-backlog",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="ApproximateNumberOfMessagesVisible",
        namespace="AWS/SQS",
        period=60,
        statistic="Maximum",
        threshold=1000,
        dimensions={"QueueName": inbox.name},
    )
# --8<-- [end:nodes]

# --8<-- [start:target]
consumer = scan.lanes["main"].resources
if isinstance(consumer, LambdaResources):
    pulumi.export("mapping", consumer.mapping.uuid)
# --8<-- [end:target]


# --8<-- [start:transform]
def shorten_retention(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Keep messages for a day in every queue of the function."""
    if args.type_ != "aws:sqs/queue:Queue":
        return None
    props: dict[str, Any] = {**args.props, "messageRetentionSeconds": 86_400}
    return pulumi.ResourceTransformResult(props, args.opts)


options = pulumi.ResourceOptions(transforms=[shorten_retention])
ContainerFunction("resize", opts=options, image=IMAGE, target="lambda")
# --8<-- [end:transform]

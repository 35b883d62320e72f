"""Add to the resources of a function."""

from pulumi_aws import cloudwatch

from intermodal import ContainerFunction, LambdaResources, Platform, stack_functions

function = ContainerFunction("hello", image="function", target="lambda")
lane = function.lanes["main"]
if lane.inbox.queue is not None:
    cloudwatch.MetricAlarm(
        "deep",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="ApproximateNumberOfMessagesVisible",
        namespace="AWS/SQS",
        dimensions={"QueueName": lane.inbox.queue.name},
        threshold=1000,
    )
if isinstance(lane.resources, LambdaResources):
    cloudwatch.MetricAlarm(
        "slow",
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        metric_name="Duration",
        namespace="AWS/Lambda",
        dimensions={"FunctionName": lane.resources.function.name},
        threshold=1000,
    )
cloudwatch.LogMetricFilter(
    "errors",
    log_group_name=function.log_group.name,
    pattern="ERROR",
    metric_transformation={"name": "errors", "namespace": "shop", "value": "1"},
)
functions, placement = stack_functions({"platform": Platform("shared", bus={}), "vpc": True})

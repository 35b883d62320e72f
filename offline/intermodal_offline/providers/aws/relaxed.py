"""Document how the official provider compares each property that the offline provider compares by meaning.

The sources are files in terraform-provider-aws. Paths are relative to internal/service.
"""

from collections.abc import Mapping

SET = "a set (schema.TypeSet), so the order is irrelevant"
POLICY = "verify.SuppressEquivalentPolicyDiffs"
JSON = "verify.SuppressEquivalentJSONDiffs"

RELAXED: Mapping[str, tuple[str, str]] = {
    "aws:cloudwatch/eventRule:EventRule eventPattern": (
        "the user's string (StateFunc) and the API's are both normalized as JSON",
        "events/rule.go",
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm alarmActions": (SET, "cloudwatch/metric_alarm.go"),
    "aws:cloudwatch/metricAlarm:MetricAlarm insufficientDataActions": (SET, "cloudwatch/metric_alarm.go"),
    "aws:cloudwatch/metricAlarm:MetricAlarm okActions": (SET, "cloudwatch/metric_alarm.go"),
    "aws:ec2/route:Route destinationIpv6CidrBlock": ("suppressEqualCIDRBlockDiffs", "ec2/vpc_route.go"),
    "aws:ec2/vpcEndpoint:VpcEndpoint policy": (POLICY, "ec2/vpc_endpoint.go"),
    "aws:ec2/vpcEndpoint:VpcEndpoint routeTableIds": (SET, "ec2/vpc_endpoint.go"),
    "aws:ec2/vpcEndpoint:VpcEndpoint securityGroupIds": (SET, "ec2/vpc_endpoint.go"),
    "aws:ec2/vpcEndpoint:VpcEndpoint subnetIds": (SET, "ec2/vpc_endpoint.go"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders capacityProviders": (
        SET,
        "ecs/cluster_capacity_providers.go",
    ),
    "aws:ecs/service:Service networkConfiguration.securityGroups": (SET, "ecs/service.go"),
    "aws:ecs/service:Service networkConfiguration.subnets": (SET, "ecs/service.go"),
    "aws:ecs/taskDefinition:TaskDefinition containerDefinitions": (
        "ContainerDefinitionsAreEquivalent ignores order, default values, and empty values",
        "ecs/task_definition.go, ecs/task_definition_equivalency.go",
    ),
    "aws:ecs/taskDefinition:TaskDefinition requiresCompatibilities": (SET, "ecs/task_definition.go"),
    "aws:iam/policy:Policy policy": (POLICY, "iam/policy.go"),
    "aws:iam/role:Role assumeRolePolicy": (POLICY, "iam/role.go"),
    "aws:iam/rolePolicy:RolePolicy policy": (POLICY, "iam/role_policy.go"),
    "aws:kms/key:Key policy": (POLICY, "kms/key.go"),
    "aws:lambda/eventSourceMapping:EventSourceMapping functionName": (
        "suppressEquivalentFunctionNameOrARN",
        "lambda/event_source_mapping.go",
    ),
    "aws:lambda/eventSourceMapping:EventSourceMapping functionResponseTypes": (SET, "lambda/event_source_mapping.go"),
    "aws:lambda/eventSourceMapping:EventSourceMapping metricsConfig.metrics": (SET, "lambda/event_source_mapping.go"),
    "aws:lambda/function:Function vpcConfig.securityGroupIds": (SET, "lambda/function.go"),
    "aws:lambda/function:Function vpcConfig.subnetIds": (SET, "lambda/function.go"),
    "aws:s3/bucketNotification:BucketNotification lambdaFunctions.events": (SET, "s3/bucket_notification.go"),
    "aws:s3/bucketNotification:BucketNotification queues.events": (SET, "s3/bucket_notification.go"),
    "aws:s3/bucketNotification:BucketNotification topics.events": (SET, "s3/bucket_notification.go"),
    "aws:secretsmanager/secretVersion:SecretVersion versionStages": (SET, "secretsmanager/secret_version.go"),
    "aws:sns/topic:Topic policy": (POLICY, "sns/topic.go"),
    "aws:sns/topicPolicy:TopicPolicy policy": (POLICY, "sns/topic_policy.go"),
    "aws:sns/topicSubscription:TopicSubscription filterPolicy": (JSON, "sns/topic_subscription.go"),
    "aws:sns/topicSubscription:TopicSubscription redrivePolicy": (JSON, "sns/topic_subscription.go"),
    "aws:sqs/queue:Queue policy": (POLICY, "sqs/queue.go"),
    "aws:sqs/queue:Queue redriveAllowPolicy": (
        "the user's string is normalized (StateFunc), the API's is not, and no difference is suppressed",
        "sqs/queue.go",
    ),
    "aws:sqs/queue:Queue redrivePolicy": (
        "the user's string is normalized (StateFunc), the API's is not, and no difference is suppressed",
        "sqs/queue.go",
    ),
    "aws:sqs/queuePolicy:QueuePolicy policy": (POLICY, "sqs/queue_policy.go"),
}
"""The official provider's behaviour and its source file, by type and property."""

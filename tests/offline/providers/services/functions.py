"""Define cases for the types in a container function: every input."""

import json
from collections.abc import Iterator
from typing import Any

from intermodal_offline.providers.values import Props
from tests.offline.providers.stack import ACCOUNT, REGION
from tests.offline.providers.subjects import Clients

HERE = f"{REGION}:{ACCOUNT}"
POINT = "fsap-0123456789abcdef0"
QUEUE_ARN = f"arn:aws:sqs:{HERE}:readback-source"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/readback-role"
FUNCTION_ARN = f"arn:aws:lambda:{HERE}:function:readback-function"
KEY = f"arn:aws:kms:{HERE}:key/1"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:b", "Resource": "*"}]})
RECEIVER = {"events": ["s3:ObjectCreated:Put"], "id": "one", "filterPrefix": "in/", "filterSuffix": ".jpg"}
FUNCTION = {"name": "readback-f", "packageType": "Image", "imageUri": "i:1", "role": ROLE_ARN}
CASES: list[tuple[str, Props]] = [
    ("aws:s3/bucket:Bucket", {"bucket": "readback-made", "forceDestroy": True, "objectLockEnabled": True}),
    ("aws:s3/bucket:Bucket", {"bucketPrefix": "readback-"}),
    (
        "aws:s3/bucketNotification:BucketNotification",
        {
            "bucket": "readback-bucket", "eventbridge": True, "queues": [{**RECEIVER, "queueArn": QUEUE_ARN}],
            "lambdaFunctions": [{**RECEIVER, "lambdaFunctionArn": FUNCTION_ARN}],
            "topics": [{**RECEIVER, "topicArn": f"arn:aws:sns:{HERE}:t"}],
        },
    ),
    (
        "aws:sqs/queue:Queue",
        {
            "namePrefix": "readback-", "fifoQueue": True, "contentBasedDeduplication": True,
            "deduplicationScope": "messageGroup", "fifoThroughputLimit": "perMessageGroupId", "delaySeconds": 1,
            "maxMessageSize": 2048, "messageRetentionSeconds": 600, "receiveWaitTimeSeconds": 2,
            "visibilityTimeoutSeconds": 40, "kmsMasterKeyId": "alias/k", "kmsDataKeyReusePeriodSeconds": 400,
            "policy": POLICY, "redriveAllowPolicy": '{"redrivePermission":"denyAll"}',
        },
    ),
    (
        "aws:sqs/queue:Queue",
        {
            "name": "readback-q", "sqsManagedSseEnabled": True,
            "redrivePolicy": json.dumps({"deadLetterTargetArn": QUEUE_ARN, "maxReceiveCount": 2}),
        },
    ),
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "", "policy": POLICY}),
    (
        "aws:iam/role:Role",
        {
            "namePrefix": "readback-", "path": "/p/", "assumeRolePolicy": TRUST, "description": "d",
            "maxSessionDuration": 7200, "permissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess",
            "forceDetachPolicies": True,
        },
    ),
    ("aws:iam/role:Role", {"name": "readback-r", "assumeRolePolicy": TRUST}),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "readback-role", "name": "p", "policy": POLICY}),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "readback-role", "namePrefix": "p-", "policy": POLICY}),
    (
        "aws:cloudwatch/logGroup:LogGroup",
        {
            "namePrefix": "readback-", "logGroupClass": "INFREQUENT_ACCESS", "kmsKeyId": KEY, "retentionInDays": 7,
            "skipDestroy": False,
        },
    ),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "readback-g"}),
    (
        "aws:lambda/function:Function",
        {
            **FUNCTION, "publish": True, "skipDestroy": False, "reservedConcurrentExecutions": 3,
            "architectures": ["arm64"], "description": "d", "memorySize": 256, "timeout": 9, "kmsKeyArn": KEY,
            "environment": {"variables": {"LEVEL": "1"}},
            "imageConfig": {"commands": ["c"], "entryPoints": ["/e"], "workingDirectory": "/w"},
            "loggingConfig": {
                "logFormat": "JSON", "logGroup": "/g", "applicationLogLevel": "WARN", "systemLogLevel": "WARN",
            },
            "ephemeralStorage": {"size": 1024}, "tracingConfig": {"mode": "Active"},
            "deadLetterConfig": {"targetArn": QUEUE_ARN},
            "fileSystemConfig": {
                "arn": f"arn:aws:elasticfilesystem:{HERE}:access-point/{POINT}", "localMountPath": "/mnt/x",
            },
            "vpcConfig": {
                "subnetIds": ["subnet-1"], "securityGroupIds": ["sg-1"], "ipv6AllowedForDualStack": True,
            },
        },
    ),
    (
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        {
            "eventSourceArn": QUEUE_ARN, "functionName": "readback-function", "batchSize": 20,
            "maximumBatchingWindowInSeconds": 3, "functionResponseTypes": ["ReportBatchItemFailures"],
            "scalingConfig": {"maximumConcurrency": 5}, "enabled": False,
            "filterCriteria": {"filters": [{"pattern": '{"body":{"a":["b"]}}'}]}, "kmsKeyArn": KEY,
            "metricsConfig": {"metrics": ["EventCount"]},
            "provisionedPollerConfig": {"minimumPollers": 2, "maximumPollers": 4},
        },
    ),
    (
        "aws:cloudwatch/eventRule:EventRule",
        {
            "namePrefix": "readback-", "eventBusName": "readback-bus", "eventPattern": '{"source":["a"]}',
            "description": "d", "roleArn": ROLE_ARN, "state": "DISABLED", "forceDestroy": True,
        },
    ),
    ("aws:cloudwatch/eventRule:EventRule", {"name": "readback-t", "scheduleExpression": "rate(1 hour)"}),
    (
        "aws:cloudwatch/eventTarget:EventTarget",
        {
            "rule": "readback-rule", "eventBusName": "readback-bus", "targetId": "t", "arn": QUEUE_ARN,
            "roleArn": ROLE_ARN, "sqsTarget": {"messageGroupId": "g"}, "deadLetterConfig": {"arn": QUEUE_ARN},
            "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1}, "forceDestroy": True,
            "inputTransformer": {"inputPaths": {"a": "$.b"}, "inputTemplate": '"<a>"'},
        },
    ),
    ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "readback-plain", "arn": QUEUE_ARN, "input": "{}"}),
    ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "readback-plain", "arn": QUEUE_ARN, "inputPath": "$.a"}),
    (
        "aws:ssm/parameter:Parameter",
        {
            "name": "/readback/p", "type": "SecureString", "value": "v", "description": "d", "allowedPattern": "v.*",
            "dataType": "text", "keyId": "alias/k", "tier": "Advanced", "overwrite": True,
        },
    ),
]  # fmt: skip


def dependencies(client: Clients) -> Iterator[dict[str, Any]]:
    """Create the resources that the cases refer to."""
    url = client("sqs").create_queue(QueueName="readback-source")["QueueUrl"]
    client("s3").create_bucket(Bucket="readback-bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    client("iam").create_role(RoleName="readback-role", AssumeRolePolicyDocument=TRUST)
    client("secretsmanager").create_secret(Name="readback-known", SecretString="swordfish")
    client("ssm").put_parameter(Name="/readback/parameter", Type="String", Value="plain")
    client("lambda").create_function(
        FunctionName="readback-function", PackageType="Image", Code={"ImageUri": "i:1"}, Role=ROLE_ARN
    )
    events, bus = client("events"), "readback-bus"
    events.create_event_bus(Name=bus)
    events.put_rule(Name="readback-rule", EventBusName=bus, EventPattern='{"source":["a"]}')
    events.put_rule(Name="readback-plain", EventPattern='{"source":["a"]}')
    yield {"queueUrl": url}
    events.delete_rule(Name="readback-plain")
    events.delete_rule(Name="readback-rule", EventBusName=bus)
    events.delete_event_bus(Name=bus)
    client("lambda").delete_function(FunctionName="readback-function")
    client("ssm").delete_parameter(Name="/readback/parameter")
    client("secretsmanager").delete_secret(SecretId="readback-known", ForceDeleteWithoutRecovery=True)
    client("iam").delete_role(RoleName="readback-role")
    client("sns").delete_topic(TopicArn=topic)
    client("s3").delete_bucket(Bucket="readback-bucket")
    client("sqs").delete_queue(QueueUrl=url)

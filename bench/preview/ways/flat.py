"""The same resources written by hand, one after the other, with no component around them."""

import json
from functools import cache

import pulumi
import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from bench.preview.ways import definition

VERSION = "2012-10-17"
CONSUME = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]


def declare(name: str) -> None:
    """One function."""
    resources(name, None, None, None)


def resources(name: str, function: Resource | None, lane: Resource | None, inbox: Resource | None) -> None:
    """The custom resources of one function, below these parents."""
    of_function, of_lane, of_inbox = (ResourceOptions(parent=parent) for parent in (function, lane, inbox))
    logs = aws.cloudwatch.LogGroup(f"{name}-logs", retention_in_days=30, tags={}, opts=of_function)
    role = aws.iam.Role(f"{name}-role", assume_role_policy=json.dumps(_trust()), tags={}, opts=of_function)
    permissions = aws.iam.RolePolicy(
        f"{name}-permissions", role=role.name, policy=_permissions(logs.arn), opts=of_function
    )
    rule = aws.cloudwatch.EventRule(
        f"{name}-bus-rule",
        event_pattern=json.dumps(definition.PATTERN, separators=(",", ":")),
        event_bus_name="default",
        tags={},
        opts=of_function,
    )
    undelivered, let_fail = _undelivered(f"{name}-undelivered", rule.arn, of_function)
    queue, policy = _inbox(f"{name}-main", rule.arn, of_inbox)
    consume = aws.iam.RolePolicy(f"{name}-main-consume", role=role.name, policy=_consume(queue.arn), opts=of_lane)
    lambda_function = aws.lambda_.Function(
        f"{name}-main-function",
        name=f"{pulumi.get_project()}-{pulumi.get_stack()}-{name}-main",
        package_type="Image",
        image_uri=definition.IMAGE,
        role=role.arn,
        architectures=["x86_64"],
        memory_size=definition.MEMORY_MIB,
        timeout=definition.TIMEOUT_SECONDS,
        environment={"variables": definition.ENVIRONMENT},
        logging_config={"log_format": "JSON", "log_group": logs.name},
        tags={},
        opts=ResourceOptions(parent=lane, depends_on=[permissions, consume, queue]),
    )
    aws.lambda_.EventSourceMapping(
        f"{name}-main-mapping",
        event_source_arn=queue.arn,
        function_name=lambda_function.arn,
        batch_size=10,
        enabled=True,
        function_response_types=["ReportBatchItemFailures"],
        tags={},
        opts=ResourceOptions(parent=lane, depends_on=[permissions, consume]),
    )
    aws.cloudwatch.EventTarget(
        f"{name}-bus-target",
        rule=rule.name,
        event_bus_name="default",
        target_id="inbox",
        arn=queue.arn,
        dead_letter_config={"arn": undelivered.arn},
        retry_policy={"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 185},
        opts=ResourceOptions(parent=function, depends_on=[policy, let_fail]),
    )


def _undelivered(name: str, rule_arn: Output[str], opts: ResourceOptions) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
    queue = aws.sqs.Queue(name, message_retention_seconds=1_209_600, sqs_managed_sse_enabled=True, tags={}, opts=opts)
    _alarm(name, queue, opts)
    send = Output.all(queue.arn, rule_arn).apply(lambda arns: json.dumps(_send(*arns)))
    return queue, aws.sqs.QueuePolicy(f"{name}-policy", queue_url=queue.url, policy=send, opts=opts)


def _alarm(name: str, queue: aws.sqs.Queue, opts: ResourceOptions) -> None:
    aws.cloudwatch.MetricAlarm(
        f"{name}-alarm",
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_description=f"{name}: messages were given up; look at them, then move them back or delete them",
        alarm_actions=[],
        ok_actions=[],
        tags={},
        opts=opts,
    )


def _inbox(name: str, rule_arn: Output[str], opts: ResourceOptions) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
    dead_letters = aws.sqs.Queue(
        f"{name}-dead-letters",
        message_retention_seconds=1_209_600,
        sqs_managed_sse_enabled=True,
        tags={},
        opts=opts,
    )
    _alarm(f"{name}-dead-letters", dead_letters, opts)
    redrive = dead_letters.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5}))
    queue = aws.sqs.Queue(
        f"{name}-inbox",
        visibility_timeout_seconds=6 * definition.TIMEOUT_SECONDS,
        message_retention_seconds=604_800,
        redrive_policy=redrive,
        sqs_managed_sse_enabled=True,
        tags={},
        opts=opts,
    )
    send = Output.all(queue.arn, rule_arn).apply(lambda arns: json.dumps(_send(*arns)))
    policy = aws.sqs.QueuePolicy(f"{name}-inbox-policy", queue_url=queue.url, policy=send, opts=opts)
    return queue, policy


@cache
def _account() -> str:
    return aws.get_caller_identity().account_id


def _trust() -> dict[str, object]:
    condition = {"StringEquals": {"aws:SourceAccount": _account()}}
    service = {"Service": "lambda.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole", "Condition": condition}
    return {"Version": VERSION, "Statement": [statement]}


def _permissions(logs_arn: Output[str]) -> Output[str]:
    def document(arn: str) -> str:
        write = {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": [arn, f"{arn}:*"],
        }
        read = {"Effect": "Allow", "Action": ["ssm:GetParameter"], "Resource": [definition.PARAMETERS]}
        return json.dumps({"Version": VERSION, "Statement": [{"Sid": "Logs", **write}, read]})

    return logs_arn.apply(document)


def _consume(queue_arn: Output[str]) -> Output[str]:
    def document(arn: str) -> str:
        statement = {"Sid": "Consume", "Effect": "Allow", "Action": CONSUME, "Resource": [arn]}
        return json.dumps({"Version": VERSION, "Statement": [statement]})

    return queue_arn.apply(document)


def _send(queue_arn: str, rule_arn: str) -> dict[str, object]:
    statement = {
        "Sid": "Events",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": [rule_arn]}},
    }
    return {"Version": VERSION, "Statement": [statement]}

"""Declare the resources of a container function individually, without components."""

import json
from functools import cache
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, Resource, ResourceOptions

from bench.preview.variants import definition

VERSION = "2012-10-17"
MAX_MESSAGE_BYTES = 1_048_576
CONSUME = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]


def declare(name: str) -> None:
    """Declare a function's resources without parents."""
    resources(name, None, None, None)


def resources(name: str, function: Resource | None, lane: Resource | None, inbox: Resource | None) -> None:
    """Declare a function's custom resources with these parents."""
    of_function, of_lane, of_inbox = (ResourceOptions(parent=parent) for parent in (function, lane, inbox))
    logs = aws.cloudwatch.LogGroup(f"{name}-logs", retention_in_days=30, tags={}, opts=of_function)
    role = aws.iam.Role(f"{name}-role", assume_role_policy=_document(_trust()), tags={}, opts=of_function)
    permissions = aws.iam.RolePolicy(
        f"{name}-permissions", role=role.name, policy=_permissions(logs.arn), opts=of_function
    )
    rule = aws.cloudwatch.EventRule(
        f"{name}-bus-rule",
        name=f"{name}-bus-{pulumi.get_project()}-{pulumi.get_stack()}",
        event_pattern=json.dumps(definition.PATTERN, separators=(",", ":")),
        event_bus_name="default",
        state="ENABLED",
        tags={},
        opts=of_function,
    )
    _alarm(
        f"{name}-bus-lost",
        f"{name}-bus: events of its source were lost; find them there, and send them again",
        {"RuleName": rule.name},
        of_function,
        namespace="AWS/Events",
        metric_name="InvocationsFailedToBeSentToDlq",
        statistic="Sum",
    )
    undelivered, undelivered_policy = _undelivered(name, of_function)
    queue, policy = _inbox(name, of_inbox)
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
        scaling_config={"maximum_concurrency": 50},
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
        opts=ResourceOptions(parent=function, depends_on=[policy, undelivered_policy]),
    )


def _undelivered(function: str, opts: ResourceOptions) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
    queue = _dead_letter_queue(f"{function}-undelivered", opts)
    return queue, _allow_rules(f"{function}-undelivered-policy", queue, function, opts)


def _inbox(function: str, opts: ResourceOptions) -> tuple[aws.sqs.Queue, aws.sqs.QueuePolicy]:
    dead_letters = _dead_letter_queue(f"{function}-main-dead-letters", opts)
    redrive = dead_letters.arn.apply(lambda arn: _document({"deadLetterTargetArn": arn, "maxReceiveCount": 5}))
    queue = aws.sqs.Queue(
        f"{function}-main-inbox",
        visibility_timeout_seconds=6 * definition.TIMEOUT_SECONDS,
        message_retention_seconds=604_800,
        max_message_size=MAX_MESSAGE_BYTES,
        redrive_policy=redrive,
        sqs_managed_sse_enabled=True,
        tags={},
        opts=opts,
    )
    return queue, _allow_rules(f"{function}-main-inbox-policy", queue, function, opts)


def _dead_letter_queue(name: str, opts: ResourceOptions) -> aws.sqs.Queue:
    queue = aws.sqs.Queue(
        name,
        message_retention_seconds=1_209_600,
        max_message_size=MAX_MESSAGE_BYTES,
        sqs_managed_sse_enabled=True,
        tags={},
        opts=opts,
    )
    _alarm(
        f"{name}-alarm",
        f"{name}: messages were given up; look at them, then move them back or delete them",
        {"QueueName": queue.name},
        opts,
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        statistic="Maximum",
    )
    return queue


def _alarm(
    name: str,
    description: str,
    dimensions: dict[str, Output[str]],
    opts: ResourceOptions,
    **metric: Any,
) -> None:
    aws.cloudwatch.MetricAlarm(
        name,
        **metric,
        dimensions=dimensions,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        period=60,
        evaluation_periods=1,
        treat_missing_data="notBreaching",
        alarm_description=description,
        alarm_actions=[],
        ok_actions=[],
        tags={},
        opts=opts,
    )


def _allow_rules(name: str, queue: aws.sqs.Queue, function: str, opts: ResourceOptions) -> aws.sqs.QueuePolicy:
    policy = queue.arn.apply(lambda arn: _document(_send(arn, function)))
    return aws.sqs.QueuePolicy(name, queue_url=queue.url, policy=policy, opts=opts)


def _document(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


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
        return _document({"Version": VERSION, "Statement": [{"Sid": "Logs", **write}, read]})

    return logs_arn.apply(document)


def _consume(queue_arn: Output[str]) -> Output[str]:
    def document(arn: str) -> str:
        statement = {"Sid": "Consume", "Effect": "Allow", "Action": CONSUME, "Resource": [arn]}
        return _document({"Version": VERSION, "Statement": [statement]})

    return queue_arn.apply(document)


def _send(queue_arn: str, function: str) -> dict[str, object]:
    rules = f"{queue_arn.rpartition(':')[0].replace(':sqs:', ':events:')}:rule"
    statement = {
        "Sid": "Events",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnLike": {"aws:SourceArn": [f"{rules}/{function}-*", f"{rules}/*/{function}-*"]}},
    }
    return {"Version": VERSION, "Statement": [statement]}

"""The inbox of a lane: a queue, its dead letters, and who may send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws import sqs

from intermodal.documents import json_text

RETENTION_SECONDS = 7 * 24 * 3600
DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 3600
"""A dead letter keeps the time it was first sent (SQS developer guide, Dead-letter queues): keep it longer."""

MAXIMUM_RECEIVES = 5
"""Attempts before a message is a dead letter; at least five where Lambda consumes (Lambda developer guide, SQS)."""

LONGEST_VISIBILITY_SECONDS = 12 * 3600


@dataclass(frozen=True, kw_only=True)
class InboxArgs:
    """Arguments of an Inbox."""

    visibility_timeout_seconds: Input[int]
    rule_arns: Sequence[Input[str]]
    senders: Sequence[Input[str]]
    protect: bool
    tags: Mapping[str, Input[str]]


class Inbox(ComponentResource):
    """Queue that every source of a lane ends in.

    Creates:
        - `{name}-dead-letters` (aws.sqs.Queue): messages that failed five times, kept for 14 days
        - `{name}-inbox` (aws.sqs.Queue): kept for 7 days, hidden for six timeouts while they are worked on
        - `{name}-inbox-policy` (aws.sqs.QueuePolicy): only where a rule or a named principal sends
    """

    url: Output[str]
    arn: Output[str]
    dead_letters_arn: Output[str]

    def __init__(self, name: str, args: InboxArgs, opts: ResourceOptions | None = None) -> None:
        """Create the queues of the lane called `name`."""
        super().__init__("intermodal:index:Inbox", name, None, opts)
        self.dead_letters = self._create_dead_letters(name, args)
        self.queue = self._create_queue(name, args)
        self.policies = self._create_policy(name, args)
        self.url, self.arn = self.queue.url, self.queue.arn
        self.dead_letters_arn = self.dead_letters.arn
        self.register_outputs({"url": self.url, "arn": self.arn, "dead_letters_arn": self.dead_letters_arn})

    def _create_dead_letters(self, name: str, args: InboxArgs) -> sqs.Queue:
        return sqs.Queue(
            f"{name}-dead-letters",
            message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
            sqs_managed_sse_enabled=True,
            tags=args.tags,
            opts=ResourceOptions(parent=self, protect=args.protect),
        )

    def _create_queue(self, name: str, args: InboxArgs) -> sqs.Queue:
        redrive = {"deadLetterTargetArn": self.dead_letters.arn, "maxReceiveCount": MAXIMUM_RECEIVES}
        return sqs.Queue(
            f"{name}-inbox",
            visibility_timeout_seconds=args.visibility_timeout_seconds,
            message_retention_seconds=RETENTION_SECONDS,
            redrive_policy=json_text(redrive),
            sqs_managed_sse_enabled=True,
            tags=args.tags,
            opts=ResourceOptions(parent=self, protect=args.protect),
        )

    def _create_policy(self, name: str, args: InboxArgs) -> list[sqs.QueuePolicy]:
        statements = inbox_statements(self.queue.arn, args.rule_arns, args.senders)
        if not statements:
            return []
        document = json_text({"Version": "2012-10-17", "Statement": statements})
        policy = sqs.QueuePolicy(
            f"{name}-inbox-policy",
            queue_url=self.queue.url,
            policy=document,
            opts=ResourceOptions(parent=self),
        )
        return [policy]


def inbox_statements(
    queue_arn: Input[str], rule_arns: Sequence[Input[str]], senders: Sequence[Input[str]]
) -> list[dict[str, Any]]:
    """Statements that let these rules and these principals send, one per service: the policy's quotas are tight."""
    statements: list[dict[str, Any]] = []
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue_arn}
    if rule_arns:
        condition = {"ArnEquals": {"aws:SourceArn": list(rule_arns)}}
        statements.append(
            {"Sid": "Rules", **send, "Principal": {"Service": "events.amazonaws.com"}, "Condition": condition}
        )
    if senders:
        statements.append({"Sid": "Senders", **send, "Principal": {"AWS": list(senders)}})
    return statements

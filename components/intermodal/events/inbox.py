"""Create a lane's inbox: a queue, its dead-letter queue, and a queue policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions
from pulumi_aws import sqs

from intermodal.arns import parse
from intermodal.documents import json_text, render_policy
from intermodal.events.alarm import create_queue_alarm
from intermodal.identity import lint

RETENTION_SECONDS = 7 * 24 * 3600
DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 3600
"""Longer than the inbox's retention, because a dead letter keeps its original timestamp (SQS developer guide,
Dead-letter queues)."""

LARGEST_MESSAGE_BYTES = 1_048_576
"""SQS limit since August 2025 (developer guide, Message quotas). The provider's default is 262,144."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A sender that a queue policy allows: a principal, or a service on behalf of a resource."""

    service: str = ""
    source_arn: Input[str] = ""
    sender: Input[str] = ""


@dataclass(frozen=True, kw_only=True)
class InboxArgs:
    """Arguments for an Inbox."""

    function: str
    display_name: str
    visibility_timeout_seconds: Input[int]
    maximum_receives: int
    """Number of receives before a message moves to the dead-letter queue."""
    grants: Sequence[Grant]
    fifo: bool
    protect: bool
    alarm_topic_arns: Sequence[Input[str]]
    tags: Mapping[str, Input[str]]
    existing: Mapping[str, Input[str]] | None
    """ARN and URL of an existing queue that replaces the inbox."""


class Inbox(ComponentResource):
    """Queue to which all sources of a lane send their events.

    Creates:
        - nothing if the lane uses an existing queue; otherwise:
        - `{name}-dead-letters` (aws.sqs.Queue): messages that exceeded the maximum receives, retained for 14 days
        - `{name}-dead-letters-alarm` (aws.cloudwatch.MetricAlarm): raised by any dead letter
        - `{name}-inbox` (aws.sqs.Queue): messages retained for 7 days, with a visibility timeout of six run timeouts
        - `{name}-inbox-policy` (aws.sqs.QueuePolicy): allows the function's rules, its topics and the listed
          principals; for a FIFO inbox, created only for a topic or a listed principal
    """

    url: Output[str]
    arn: Output[str]
    dead_letters_arn: Output[str | None]
    """None for an existing queue, which keeps its dead-letter queue."""

    def __init__(self, name: str, args: InboxArgs, opts: ResourceOptions | None = None) -> None:
        """Create the queues for the lane `name`."""
        super().__init__("intermodal:index:Inbox", name, None, opts)
        self.queue: sqs.Queue | None = None
        """The queue; None for an existing queue."""
        self.dead_letters: sqs.Queue | None = None
        """The dead-letter queue; None for an existing queue."""
        self.ready: list[Resource] = []
        self.policies: Sequence[Resource] = ()
        if args.existing is None:
            self._create(name, args)
        else:
            self.url, self.arn = Output.from_input(args.existing["url"]), Output.from_input(args.existing["arn"])
            self.dead_letters_arn = Output.from_input(None)
        self.register_outputs({"url": self.url, "arn": self.arn, "dead_letters_arn": self.dead_letters_arn})

    def _create(self, name: str, args: InboxArgs) -> None:
        opts = ResourceOptions(parent=self)
        dead_letters = self._create_dead_letters(name, args)
        create_queue_alarm(f"{name}-dead-letters", dead_letters, args.alarm_topic_arns, args.tags, opts)
        queue = self._create_queue(name, dead_letters, args)
        rules_of = None if args.fifo else args.function
        self.policies = create_policy(f"{name}-inbox", queue, args.grants, args.display_name, opts, rules_of=rules_of)
        self.queue, self.dead_letters, self.ready = queue, dead_letters, [queue]
        self.url, self.arn, self.dead_letters_arn = queue.url, queue.arn, dead_letters.arn

    def _create_dead_letters(self, name: str, args: InboxArgs) -> sqs.Queue:
        return sqs.Queue(
            f"{name}-dead-letters",
            message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
            max_message_size=LARGEST_MESSAGE_BYTES,
            sqs_managed_sse_enabled=True,
            fifo_queue=True if args.fifo else None,
            tags=args.tags,
            opts=ResourceOptions(parent=self, protect=args.protect or None),
        )

    def _create_queue(self, name: str, dead_letters: sqs.Queue, args: InboxArgs) -> sqs.Queue:
        redrive = {"deadLetterTargetArn": dead_letters.arn, "maxReceiveCount": args.maximum_receives}
        return sqs.Queue(
            f"{name}-inbox",
            visibility_timeout_seconds=args.visibility_timeout_seconds,
            message_retention_seconds=RETENTION_SECONDS,
            max_message_size=LARGEST_MESSAGE_BYTES,
            redrive_policy=json_text(redrive),
            sqs_managed_sse_enabled=True,
            fifo_queue=True if args.fifo else None,
            content_based_deduplication=True if args.fifo else None,
            tags=args.tags,
            opts=ResourceOptions(parent=self, protect=args.protect or None),
        )


def create_policy(
    name: str,
    queue: sqs.Queue,
    grants: Sequence[Grant],
    display_name: str,
    opts: ResourceOptions,
    *,
    rules_of: str | None,
) -> Sequence[Resource]:
    """Create `{name}-policy`, which allows `grants` and the rules of function `rules_of`, unless both are empty."""
    statements = grant_statements(queue.arn, grants)
    if rules_of is not None:
        statements.insert(0, rules_statement(queue.arn, rules_of))
    if not statements:
        return ()
    content = render_policy({"Version": "2012-10-17", "Statement": statements}, display_name, lint.lint_queue_policy)
    return (sqs.QueuePolicy(f"{name}-policy", queue_url=queue.url, policy=content, opts=opts),)


def rules_statement(queue_arn: Input[str], function: str) -> dict[str, Any]:
    """Return a statement that allows all of a function's rules, on the default bus and other buses.

    It matches rule names with a pattern, so adding a source later does not change the policy. A policy change takes up
    to 60 s (SQS API reference, SetQueueAttributes), and EventBridge does not retry denied deliveries. The statement
    omits aws:SourceAccount, which EventBridge's page on SQS permissions does not list; the ARN contains the account.
    """

    def to_patterns(arn: str) -> list[str]:
        queue = parse(arn)
        rule = f"arn:{queue.partition}:events:{queue.region}:{queue.account}:rule"
        return [f"{rule}/{function}-*", f"{rule}/*/{function}-*"]

    return {
        "Sid": "Events",
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnLike": {"aws:SourceArn": Output.from_input(queue_arn).apply(to_patterns)}},
    }


def grant_statements(queue_arn: Input[str], grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """Return one statement per service and one for all principals, to stay within the policy quotas."""
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue_arn}
    sources: dict[str, list[Input[str]]] = {}
    for grant in grants:
        if grant.service:
            sources.setdefault(grant.service, []).append(grant.source_arn)
    statements: list[dict[str, Any]] = [
        {
            "Sid": service.partition(".")[0].capitalize(),
            **send,
            "Principal": {"Service": service},
            "Condition": {"ArnEquals": {"aws:SourceArn": arns}},
        }
        for service, arns in sources.items()
    ]
    if senders := [grant.sender for grant in grants if grant.sender]:
        statements.append({"Sid": "Senders", **send, "Principal": {"AWS": senders}})
    return statements

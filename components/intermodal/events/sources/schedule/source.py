"""Create the schedule for a schedule source; EventBridge Scheduler sends one message at each scheduled time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions
from pulumi_aws import iam, scheduler

from intermodal import naming
from intermodal.documents import json_text
from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant
from intermodal.events.lost import create_lost_events_alarm
from intermodal.events.rule import RETRY_ATTEMPTS, RETRY_SECONDS
from intermodal.events.sender import allow_send, create_sender
from intermodal.identity.trust import service_statement

SERVICE = "scheduler.amazonaws.com"

SCHEDULED_EVENT: dict[str, Any] = {
    "version": "0",
    "id": "<aws.scheduler.execution-id>",
    "detail-type": "Scheduled Event",
    "source": "aws.scheduler",
    "time": "<aws.scheduler.scheduled-time>",
    "resources": ["<aws.scheduler.schedule-arn>"],
    "detail": {},
}
"""Default message body. Scheduler replaces the placeholders (Scheduler user guide, Adding context attributes)."""


@dataclass(frozen=True, kw_only=True)
class ScheduleSource:
    """The source's schedule group, and the role that the schedule assumes."""

    context: SourceContext
    group: scheduler.ScheduleGroup
    role: iam.Role
    delivers: bool = True
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    @property
    def grants(self) -> Sequence[Grant]:
        """Empty, because Scheduler sends with a role, which needs no queue policy in the same account."""
        return []

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-schedule`, its role's permissions, and the alarm `-lost`."""
        fields = self.context.source.fields
        queues = [*destination.inboxes, destination.undelivered_arn]
        may_send = allow_send(self.context, self.role, queues)
        scheduler.Schedule(
            f"{self.context.name}-schedule",
            group_name=self.group.name,
            schedule_expression=fields["expression"],
            schedule_expression_timezone=fields["timezone"],
            flexible_time_window={"mode": "OFF"},
            state="ENABLED" if self.context.source.enabled else "DISABLED",
            target={
                "arn": destination.inbox.arn,
                "role_arn": self.role.arn,
                "input": json_text(fields.get("input", SCHEDULED_EVENT)),
                "dead_letter_config": {"arn": destination.undelivered_arn},
                "retry_policy": {
                    "maximum_event_age_in_seconds": RETRY_SECONDS,
                    "maximum_retry_attempts": RETRY_ATTEMPTS,
                },
            },
            opts=ResourceOptions.merge(self.context.opts, ResourceOptions(depends_on=[may_send])),
        )
        dimensions = {"ScheduleGroup": self.group.name}
        create_lost_events_alarm(
            self.context, "AWS/Scheduler", "InvocationsFailedToBeSentToDeadLetterCount", dimensions
        )


def create_source(context: SourceContext) -> ScheduleSource:
    """Create `{function}-{source}-group` and `-sender`.

    The group contains only this schedule, because a role's trust policy can be scoped to a group but not to a schedule
    (Scheduler user guide, Confused deputy).
    """
    name = naming.schedule_group(pulumi.get_project(), pulumi.get_stack(), context.name)
    group = scheduler.ScheduleGroup(f"{context.name}-group", name=name, tags=context.tags, opts=context.opts)
    role = create_sender(context, service_statement(SERVICE, context.account, group.arn))
    return ScheduleSource(context=context, group=group, role=role)

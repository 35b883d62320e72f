"""EventBridge rules, by which the events of a bus or a bucket enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi import Input, Output, ResourceOptions
from pulumi_aws import cloudwatch

from intermodal import naming
from intermodal.documents import apply_known
from intermodal.events import pattern
from intermodal.events.args import DEFAULT_BUS
from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant
from intermodal.events.lost import create_lost_events_alarm
from intermodal.problems.errors import DefinitionError

RETRY_SECONDS = 3600
RETRY_ATTEMPTS = 185
"""A delivery that failed is retried for an hour; 185 attempts are EventBridge's most (EventBridge user guide)."""

TARGET_ID = "inbox"
"""Fixed, so that a target's ARN changes in place: EventTarget is replaced by a change of target_id, not of arn."""


@dataclass(frozen=True, kw_only=True)
class RuleSource:
    """A rule that picks events of a bus."""

    context: SourceContext
    rule: cloudwatch.EventRule
    bus_name: Input[str]
    delivers: bool = True
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    @property
    def grants(self) -> Sequence[Grant]:
        """None: every inbox lets in the rules of its function by a pattern of their names."""
        return []

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-target` after the policies, and `-lost`, the alarm of what not even the queue of
        undelivered events took."""
        cloudwatch.EventTarget(
            f"{self.context.name}-target",
            rule=self.rule.name,
            event_bus_name=self.bus_name,
            target_id=TARGET_ID,
            arn=destination.inbox.arn,
            dead_letter_config={"arn": destination.undelivered_arn},
            retry_policy={
                "maximum_event_age_in_seconds": RETRY_SECONDS,
                "maximum_retry_attempts": RETRY_ATTEMPTS,
            },
            opts=ResourceOptions.merge(self.context.opts, ResourceOptions(depends_on=list(destination.ready))),
        )
        create_lost_events_alarm(self.context, "AWS/Events", "InvocationsFailedToBeSentToDlq", self._dimensions())

    def _dimensions(self) -> Output[dict[str, str]]:
        """Of the rule's metrics; those of the default bus have its name alone (EventBridge user guide, Monitoring)."""

        def to_dimensions(known: list[str]) -> dict[str, str]:
            bus, rule = known
            return {"RuleName": rule} if bus == DEFAULT_BUS else {"EventBusName": bus, "RuleName": rule}

        return Output.all(self.bus_name, self.rule.name).apply(to_dimensions)


def create_rule(context: SourceContext, pattern: Input[str], bus_name: Input[str]) -> RuleSource:
    """`{function}-{source}-rule` on the source's own bus."""
    rule = cloudwatch.EventRule(
        f"{context.name}-rule",
        name=naming.rule(pulumi.get_project(), pulumi.get_stack(), context.name),
        event_pattern=pattern,
        event_bus_name=bus_name,
        # Said in both cases: the provider takes no state for no change (terraform-provider-aws #40857).
        state="ENABLED" if context.source.enabled else "DISABLED",
        tags=context.tags,
        opts=context.opts,
    )
    return RuleSource(context=context, rule=rule, bus_name=bus_name)


def render_pattern(context: SourceContext, given: Mapping[str, Any]) -> Input[str]:
    """Return the pattern as JSON; its length is checked once all of it is known."""

    def render(known: Mapping[str, Any]) -> str:
        text = pattern.render(known)
        if problem := pattern.check_length(f"{context.source.path}.{context.source.kind}", text):
            raise DefinitionError(context.subject, [problem])
        return text

    return apply_known(given, render)

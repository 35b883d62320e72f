"""Create EventBridge rules for the `bus` and `bucket` sources."""

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
"""Failed deliveries are retried for an hour. EventBridge allows at most 185 attempts (EventBridge user guide)."""

TARGET_ID = "inbox"
"""Fixed target ID. With it, a new target ARN updates the EventTarget in place; a new ID would replace it."""


@dataclass(frozen=True, kw_only=True)
class RuleSource:
    """A rule that matches events on a bus."""

    context: SourceContext
    rule: cloudwatch.EventRule
    bus_name: Input[str]
    delivers: bool = True
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    @property
    def grants(self) -> Sequence[Grant]:
        """Empty, because every inbox policy allows its function's rules with a name pattern."""
        return []

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-target` after the policies, and the alarm `-lost`.

        The alarm covers events that could not be sent to the undelivered queue either.
        """
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
        """Return the dimensions of the rule's metrics.

        For the default bus, the only dimension is the rule name (EventBridge user guide, Monitoring).
        """

        def to_dimensions(known: list[str]) -> dict[str, str]:
            bus, rule = known
            return {"RuleName": rule} if bus == DEFAULT_BUS else {"EventBusName": bus, "RuleName": rule}

        return Output.all(self.bus_name, self.rule.name).apply(to_dimensions)


def create_rule(context: SourceContext, pattern: Input[str], bus_name: Input[str]) -> RuleSource:
    """Create `{function}-{source}-rule` on the source's bus."""
    rule = cloudwatch.EventRule(
        f"{context.name}-rule",
        name=naming.rule(pulumi.get_project(), pulumi.get_stack(), context.name),
        event_pattern=pattern,
        event_bus_name=bus_name,
        # Always set the state: the provider treats a missing state as no change (terraform-provider-aws #40857).
        state="ENABLED" if context.source.enabled else "DISABLED",
        tags=context.tags,
        opts=context.opts,
    )
    return RuleSource(context=context, rule=rule, bus_name=bus_name)


def render_pattern(context: SourceContext, given: Mapping[str, Any]) -> Input[str]:
    """Render the pattern as JSON once its Outputs are known, and check its length."""

    def render(known: Mapping[str, Any]) -> str:
        text = pattern.render(known)
        if problem := pattern.check_length(f"{context.source.path}.{context.source.kind}", text):
            raise DefinitionError(context.display_name, [problem])
        return text

    return apply_known(given, render)

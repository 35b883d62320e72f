"""Create the subscription for a topic source, without the SNS envelope unless `raw` is False."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output, ResourceOptions
from pulumi_aws import sns

from intermodal.arns import name_of
from intermodal.documents import json_text
from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant
from intermodal.events.lost import create_lost_events_alarm

SERVICE = "sns.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class TopicSource:
    """A subscription to a topic."""

    context: SourceContext
    delivers: bool = True
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    @property
    def grants(self) -> Sequence[Grant]:
        """Grant for the topic."""
        return [Grant(service=SERVICE, source_arn=self.context.source.fields["arn"])]

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-subscription` and the alarm `-lost`.

        A move to another lane changes the endpoint and replaces the subscription. The engine creates the new
        subscription before it deletes the old one, so messages in between are delivered twice, but none is lost.
        """
        if not self.context.source.enabled:
            return
        fields = self.context.source.fields
        sns.TopicSubscription(
            f"{self.context.name}-subscription",
            topic=fields["arn"],
            protocol="sqs",
            endpoint=destination.inbox.arn,
            raw_message_delivery=fields["raw"],
            filter_policy=json_text(fields["filter"]) if "filter" in fields else None,
            filter_policy_scope=fields["filter_scope"].value if "filter" in fields else None,
            redrive_policy=json_text({"deadLetterTargetArn": destination.undelivered_arn}),
            opts=ResourceOptions.merge(self.context.opts, ResourceOptions(depends_on=list(destination.ready))),
        )
        name = Output.from_input(fields["arn"]).apply(name_of)
        # SNS reports this metric only per topic, so the alarm also covers events lost by other subscriptions.
        create_lost_events_alarm(
            self.context, "AWS/SNS", "NumberOfNotificationsFailedToRedriveToDlq", {"TopicName": name}
        )


def create_source(context: SourceContext) -> TopicSource:
    """Return the source; `connect` creates its resources."""
    return TopicSource(context=context)

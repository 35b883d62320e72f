"""Create the `feed` source: a subscription to the feed's address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi import Output, ResourceOptions
from pulumi_aws import sns

from intermodal.events.contract import Destination, SourceContext
from intermodal.events.inbox import Grant


@dataclass(frozen=True, kw_only=True)
class FeedSource:
    """A feed that is subscribed to."""

    context: SourceContext
    delivers: bool = True
    grants: Sequence[Grant] = ()
    outputs: Mapping[str, Output[str]] = field(default_factory=dict)

    def connect(self, destination: Destination) -> None:
        """Create `{function}-{source}-subscription`."""
        sns.TopicSubscription(
            f"{self.context.name}-subscription",
            topic=self.context.source.fields["address"],
            protocol="sqs",
            endpoint=destination.inbox.arn,
            opts=ResourceOptions.merge(self.context.opts, ResourceOptions(depends_on=list(destination.ready))),
        )


def create_source(context: SourceContext) -> FeedSource:
    """Create nothing before it is connected."""
    return FeedSource(context=context)

"""Deploy a lane to the fake target."""

from pulumi import ResourceOptions
from pulumi_aws import sns

from intermodal.targets.context import LaneContext
from intermodal.targets.contract import Consumer


def deploy(context: LaneContext, opts: ResourceOptions) -> Consumer:
    """Create `{lane}-batch`."""
    before = ResourceOptions(depends_on=[*context.ready, *context.inbox.ready])
    topic = sns.Topic(f"{context.name}-batch", tags=context.function.tags, opts=ResourceOptions.merge(opts, before))
    return Consumer(outputs={"topic_arn": topic.arn}, resources=topic)

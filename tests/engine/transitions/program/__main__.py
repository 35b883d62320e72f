"""Create one container function with the shape from the stack's config."""

import pulumi

from intermodal import ContainerFunction

shape = pulumi.Config("transitions").require_object("shape")
aliases = [pulumi.Alias(name=old) for old in shape.get("aliases", [])]


def set_delay(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Set the shape's delay on every queue."""
    if args.type_ != "aws:sqs/queue:Queue" or "delay" not in shape:
        return None
    return pulumi.ResourceTransformResult(props={**args.props, "delaySeconds": shape["delay"]}, opts=args.opts)


opts = pulumi.ResourceOptions(aliases=aliases or None, transforms=[set_delay])
function = ContainerFunction(shape.get("name", "scan"), shape["args"], opts)
if shape.get("twice"):
    ContainerFunction(shape.get("name", "scan"), shape["args"])
if late := shape.get("late"):
    seconds = pulumi.Output.from_input(late)
    ContainerFunction("late", shape["args"] | {"timeout_seconds": seconds})

pulumi.export("inbox_url", function.inbox_url)

"""One container function of the shape that the stack's config gives."""

import pulumi

from intermodal import ContainerFunction

shape = pulumi.Config("transitions").require_object("shape")
aliases = [pulumi.Alias(name=old) for old in shape.get("aliases", [])]

function = ContainerFunction(shape.get("name", "scan"), shape["args"], pulumi.ResourceOptions(aliases=aliases or None))
if shape.get("twice"):
    ContainerFunction(shape.get("name", "scan"), shape["args"])
if late := shape.get("late"):
    seconds = pulumi.Output.from_input(late)
    ContainerFunction("late", shape["args"] | {"timeout_seconds": seconds})

pulumi.export("inbox_url", function.inbox_url)

"""Create a container function whose target and size the stack file can override."""

import pulumi

from intermodal import ContainerFunction, placements

placement = placements({"hello"})

hello = ContainerFunction("hello", image="function", target="lambda", **placement("hello"))

pulumi.export("inbox_url", hello.inbox_url)

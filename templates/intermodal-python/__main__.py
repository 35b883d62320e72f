"""A container function with a queue; its target and size are set in the stack file."""

import pulumi

from intermodal import ContainerFunction, Target, placements

placement = placements({"hello"})

hello = ContainerFunction(
    "hello",
    {
        "image": {"build": "function"},
        "target": Target.LAMBDA,
        "sources": [{"queue": {}}],
        **placement("hello"),
    },
)

pulumi.export("inbox_url", hello.inbox_url)

"""Create the smallest container function: an image, a target, a queue."""

import pulumi

from intermodal import ContainerFunction, Target

hello = ContainerFunction(
    "hello",
    {"image": {"build": "function"}, "target": Target.LAMBDA, "sources": [{"queue": {}}]},
)

pulumi.export("inbox_url", hello.inbox_url)

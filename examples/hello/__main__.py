"""Create a minimal container function with an image and a target. Every function has an inbox."""

import pulumi

from intermodal import ContainerFunction

hello = ContainerFunction("hello", image="function", target="lambda")

pulumi.export("inbox_url", hello.inbox_url)

"""Run your own handler on Lambda, then on ECS, as in the tutorial."""

import pulumi

from intermodal import ContainerFunction, Platform, placements

platform = Platform("shared", network={"zones": ["eu-central-1a", "eu-central-1b"]}, ecs={})
placement = placements({"greeter"})

greeter = ContainerFunction(
    "greeter",
    image="greeter",
    platform=platform,
    vpc=True,
    drain_before_delete=False,
    **placement("greeter"),
)

pulumi.export("inbox_url", greeter.inbox_url)

"""Create a function with one explicit lane, so that the stack file can pause it."""

from intermodal import ContainerFunction, Platform, placements

platform = Platform("shared", network={"zones": ["eu-central-1a"], "nat": "single"}, ecs={})
placement = placements({"receipt"})

ContainerFunction("receipt", image="function", platform=platform, vpc=True, **placement("receipt"))

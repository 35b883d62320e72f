"""Create a function with one explicit lane, so that the stack file can pause it."""

from intermodal import ContainerFunction, Nat, Platform, placements

platform = Platform("shared", {"network": {"zones": ["eu-central-1a"], "nat": Nat.SINGLE}, "ecs": {}})
placement = placements({"receipt"})

ContainerFunction(
    "receipt",
    {"platform": platform.handle, "vpc": True, "image": {"build": "function"}, **placement("receipt")},
)

"""Create a function with three mistakes in its definition."""

from intermodal import ContainerFunction

# --8<-- [start:scan]
ContainerFunction("scan", memory=512, target="lamda")  # type: ignore[call-arg,arg-type]
# --8<-- [end:scan]

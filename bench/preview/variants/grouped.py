"""Declare the resources of a container function individually, with components that are only parents."""

from pulumi import ComponentResource, Resource, ResourceOptions

from bench.preview.variants import flat


def declare(name: str) -> None:
    """Declare a function's resources below the same three components that a container function has."""
    function = _component("ContainerFunction", name, None)
    lane = _component("Lane", f"{name}-main", function)
    inbox = _component("Inbox", f"{name}-main", lane)
    flat.resources(name, function, lane, inbox)


def _component(kind: str, name: str, parent: Resource | None) -> ComponentResource:
    made = ComponentResource(f"intermodal:index:{kind}", name, None, ResourceOptions(parent=parent))
    made.register_outputs({})
    return made

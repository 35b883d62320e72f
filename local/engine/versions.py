"""The versions this repository builds and asks for."""

from importlib.metadata import version

CLI = "3.259.0"
"""Newest Pulumi CLI whose Go module (github.com/pulumi/pulumi/pkg/v3) the module proxy serves whole."""

LANGUAGE_HOST = "3.79.0"
"""Last Python language host that lived in github.com/pulumi/pulumi/sdk/v3; later ones are in no Go module."""

OLDEST_CLI = (3, 220, 0)
"""A `pulumi` of the machine is used from here on (`stackConfigDir` and event log as this repository reads them)."""


def plugin(package: str) -> str:
    """Version of provider plugin that belongs to the installed SDK, such as `7.51.1` for `aws`."""
    return version(f"pulumi-{package}")

"""Define the Pulumi versions that this repository builds and requires."""

from importlib.metadata import version

CLI = "3.259.0"
"""Newest Pulumi CLI whose Go module (github.com/pulumi/pulumi/pkg/v3) is complete on the Go module proxy."""

LANGUAGE_HOST = "3.79.0"
"""Last Python language host in github.com/pulumi/pulumi/sdk/v3; later versions are not in any Go module."""

OLDEST_CLI = (3, 220, 0)
"""Oldest supported `pulumi` on PATH; it has `stackConfigDir` and the event log that this repository reads."""


def plugin(package: str) -> str:
    """Return the provider plugin version that matches the installed SDK, such as `7.51.1` for `aws`."""
    return version(f"pulumi-{package}")

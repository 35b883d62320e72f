"""Versions that this repository builds and requires."""

from importlib.metadata import version

CLI = "3.259.0"
"""Newest Pulumi CLI whose Go module (github.com/pulumi/pulumi/pkg/v3) is complete on the module proxy."""

LANGUAGE_HOST = "3.79.0"
"""Last Python language host in github.com/pulumi/pulumi/sdk/v3; later ones are not in any Go module."""

OLDEST_CLI = (3, 220, 0)
"""Oldest `pulumi` on PATH that is used; it has `stackConfigDir` and the event log that this repository reads."""


def plugin(package: str) -> str:
    """Return the provider plugin version for the installed SDK, such as `7.51.1` for `aws`."""
    return version(f"pulumi-{package}")

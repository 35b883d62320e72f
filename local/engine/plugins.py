"""Provider plugins: the official one wherever it can be had, else the stand-in of this repository."""

import enum
import os
import sys
from pathlib import Path

from local import providers
from local.engine import find, versions

PACKAGES = ("aws", "kubernetes")


class Origin(enum.Enum):
    """Where the plugins come from."""

    OFFICIAL = "official"
    STAND_IN = "stand-in"


def origin(folder: Path) -> Origin:
    """Where the plugins of this workspace come from: as before while it holds a stack, else the official ones first.

    Neither touches the other's stacks, and a site that does not answer for a moment changes nothing.
    """
    for known in Origin:
        if any((folder / known.value / "state").rglob("stacks/*/*.json")):
            return known
    return Origin.OFFICIAL if _users_own("aws", versions.plugin("aws")) or find.internet() else Origin.STAND_IN


def prepare(home: Path, chosen: Origin) -> None:
    """Put the plugins into this PULUMI_HOME, or leave it to the engine to download the official ones."""
    for package in PACKAGES:
        _prepare(home, chosen, package, versions.plugin(package))


def _prepare(home: Path, chosen: Origin, package: str, release: str) -> None:
    if chosen is Origin.STAND_IN:
        providers.install(home, release, Path(sys.executable), package)
        return
    link = home / "plugins" / f"resource-{package}-v{release}"
    if (own := _users_own(package, release)) and not link.exists():
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(own)


def _users_own(package: str, release: str) -> Path | None:
    """The official plugin of the user's own Pulumi, which need not be downloaded again."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    own = home / "plugins" / f"resource-{package}-v{release}"
    return own if own.is_dir() else None

"""Provider plugins: the official one wherever it can be had, else the stand-in of this repository."""

import enum
import os
import sys
from pathlib import Path

from local import providers
from local.engine import find, versions


class Origin(enum.Enum):
    """Where the `aws` plugin comes from."""

    OFFICIAL = "official"
    STAND_IN = "stand-in"


def prepare(home: Path) -> Origin:
    """Put the `aws` plugin into this PULUMI_HOME, or leave it to the engine to download the official one."""
    release = versions.plugin("aws")
    if link_users_own(home, release) or find.internet():
        return Origin.OFFICIAL
    providers.install(home, release, Path(sys.executable))
    return Origin.STAND_IN


def link_users_own(home: Path, release: str) -> bool:
    """Whether the user's own Pulumi has the official plugin already; then it is linked, not downloaded again."""
    own = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "plugins" / f"resource-aws-v{release}"
    if not own.is_dir() or own.is_relative_to(home):
        return False
    link = home / "plugins" / own.name
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.symlink_to(own)
    return True

"""Provider plugins: the official one wherever it can be had, else the stand-in of an extension."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local import extensions
from local.engine import find, versions

PACKAGES = ("aws", "eks", "kubernetes")
MISSING = (
    "Pulumi's plugins cannot be downloaded; "
    "run this where get.pulumi.com answers, or put the official ones into ~/.pulumi/plugins"
)


class StandIns(Protocol):
    """Replace the plugins that cannot be downloaded."""

    def install(self, pulumi_home: Path, version: str, python: Path, package: str) -> Path:
        """Install the stand-in for a package into this PULUMI_HOME; return its executable."""

    def echoed(self, token: str) -> frozenset[str]:
        """Return the inputs of a type that a stand-in only gives back."""


@dataclass(frozen=True)
class Choice:
    """Which plugins of a workspace are the official ones; the others are stand-ins."""

    official: frozenset[str]

    @property
    def folder(self) -> str:
        """Return the name of the folder that only this choice uses: no plugin touches the stacks of another."""
        if self.official == frozenset(PACKAGES):
            return "official"
        return "-".join(["official", *sorted(self.official)]) if self.official else "stand-in"

    @property
    def downloads(self) -> bool:
        """Whether the engine may download a plugin: only where no stand-in takes its place."""
        return self.folder == "official"


OFFICIAL, STAND_IN = Choice(frozenset(PACKAGES)), Choice(frozenset())


def choose(folder: Path) -> Choice:
    """Choose the plugins of a workspace: as before while it holds a stack, else the official ones first.

    Each plugin is chosen by itself. A site that does not answer for a moment changes nothing.
    """
    for known in _choices():
        if any((folder / known.folder / "state").rglob("stacks/*/*.json")):
            return known
    own = Choice(frozenset(package for package in PACKAGES if _users_own(package)))
    return OFFICIAL if own == OFFICIAL or find.internet() else own


def prepare(home: Path, chosen: Choice) -> None:
    """Put the plugins into this PULUMI_HOME, or leave it to the engine to download the official ones.

    Raises:
        LocalError: a plugin cannot be downloaded and no extension replaces it.
    """
    for package in PACKAGES:
        if package not in chosen.official:
            stand_ins: StandIns = extensions.require("plugins", MISSING)
            stand_ins.install(home, versions.plugin(package), Path(sys.executable), package)
        elif own := _users_own(package):
            _link(own, home / "plugins" / own.name)


def echoed(token: str) -> frozenset[str]:
    """Return the inputs of a type that nothing reads back from the emulator; none without stand-ins."""
    stand_ins: StandIns | None = extensions.find("plugins")
    return frozenset() if stand_ins is None else stand_ins.echoed(token)


def _link(own: Path, folder: Path) -> None:
    """Make a folder whose files are links: the engine takes no link for a plugin."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for file in own.iterdir():
        link = folder / file.name
        if link.is_symlink() and link.readlink() != file:
            link.unlink()
        if not link.exists():
            link.symlink_to(file)


def _users_own(package: str) -> Path | None:
    """Return the official plugin of the user's own Pulumi, which need not be downloaded again."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    own = home / "plugins" / f"resource-{package}-v{versions.plugin(package)}"
    return own if own.is_dir() else None


def _choices() -> Iterable[Choice]:
    """Every choice, the two whole ones first."""
    yield from (OFFICIAL, STAND_IN)
    for bits in range(1, 2 ** len(PACKAGES) - 1):
        yield Choice(frozenset(package for place, package in enumerate(PACKAGES) if bits >> place & 1))

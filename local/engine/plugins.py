"""Provider plugins: the official ones if they are available, else an extension's stand-ins."""

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
    "run this where get.pulumi.com is reachable, or copy the official plugins to ~/.pulumi/plugins"
)


class StandIns(Protocol):
    """Extension that replaces the plugins that cannot be downloaded."""

    def install(self, pulumi_home: Path, version: str, python: Path, package: str) -> Path:
        """Install the stand-in for a package into this PULUMI_HOME; return its executable."""

    def echoed(self, token: str) -> frozenset[str]:
        """Return the inputs of a type that a stand-in echoes without reading them back."""


@dataclass(frozen=True)
class Choice:
    """The official plugins of a workspace; the others are stand-ins."""

    official: frozenset[str]

    @property
    def folder(self) -> str:
        """Folder name of this choice; no two choices share the state of a stack."""
        if self.official == frozenset(PACKAGES):
            return "official"
        return "-".join(["official", *sorted(self.official)]) if self.official else "stand-in"

    @property
    def downloads(self) -> bool:
        """Whether the engine may download plugins, which only a choice without stand-ins allows."""
        return self.folder == "official"


OFFICIAL, STAND_IN = Choice(frozenset(PACKAGES)), Choice(frozenset())


def choose(folder: Path) -> Choice:
    """Choose the plugins of a workspace: unchanged while it holds a stack, else the official ones first.

    Each plugin is chosen on its own. A download site that is down for a moment changes nothing.
    """
    for choice in _choices():
        if any((folder / choice.folder / "state").rglob("stacks/*/*.json")):
            return choice
    own = Choice(frozenset(package for package in PACKAGES if _find_installed(package)))
    return OFFICIAL if own == OFFICIAL or find.internet() else own


def prepare(home: Path, chosen: Choice) -> None:
    """Put the plugins into this PULUMI_HOME; the engine downloads the official ones that are missing.

    Raises:
        LocalError: a plugin cannot be downloaded and no extension replaces it.
    """
    for package in PACKAGES:
        if package not in chosen.official:
            stand_ins: StandIns = extensions.require("plugins", MISSING)
            stand_ins.install(home, versions.plugin(package), Path(sys.executable), package)
        elif own := _find_installed(package):
            _link(own, home / "plugins" / own.name)


def echoed(token: str) -> frozenset[str]:
    """Return the inputs of a type that are not read back from the emulator; none without stand-ins."""
    stand_ins: StandIns | None = extensions.find("plugins")
    return frozenset() if stand_ins is None else stand_ins.echoed(token)


def _link(own: Path, folder: Path) -> None:
    """Make a folder of links, because the engine does not accept a link as a plugin's folder."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for file in own.iterdir():
        link = folder / file.name
        if link.is_symlink() and link.readlink() != file:
            link.unlink()
        if not link.exists():
            link.symlink_to(file)


def _find_installed(package: str) -> Path | None:
    """Return the official plugin of the user's own Pulumi, to save a download."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    own = home / "plugins" / f"resource-{package}-v{versions.plugin(package)}"
    return own if own.is_dir() else None


def _choices() -> Iterable[Choice]:
    """Yield every choice, the two uniform ones first."""
    yield from (OFFICIAL, STAND_IN)
    for bits in range(1, 2 ** len(PACKAGES) - 1):
        yield Choice(frozenset(package for index, package in enumerate(PACKAGES) if bits >> index & 1))

"""Choose and install provider plugins: the official ones if available, else stubs from an extension."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from local import extensions
from local.engine import find, versions

PACKAGES = ("aws", "docker-build", "eks", "kubernetes")
MISSING = (
    "Pulumi's plugins cannot be downloaded; "
    "run this where get.pulumi.com is reachable, or copy the official plugins to ~/.pulumi/plugins"
)


class StandIns(Protocol):
    """Extension that provides stubs for plugins that cannot be downloaded."""

    def install(self, pulumi_home: Path, version: str, python: Path, package: str) -> Path:
        """Install the stub plugin for a package into this PULUMI_HOME; return its executable."""

    def echoed(self, token: str) -> frozenset[str]:
        """Return the inputs of a resource type that a stub echoes instead of reading them back."""


@dataclass(frozen=True)
class Choice:
    """The official plugins in a workspace; the other plugins are stubs."""

    official: frozenset[str]

    @property
    def folder(self) -> str:
        """Folder name for this choice; each choice has a separate one, so no two share a stack's state."""
        if self.official == frozenset(PACKAGES):
            return "official"
        return "-".join(["official", *sorted(self.official)]) if self.official else "stand-in"

    @property
    def downloads(self) -> bool:
        """Whether the engine may download plugins, which is allowed only without stubs."""
        return self.folder == "official"


OFFICIAL, STAND_IN = Choice(frozenset(PACKAGES)), Choice(frozenset())


def choose(folder: Path) -> Choice:
    """Choose a workspace's plugins: keep the choice while it contains a stack, else prefer the official ones.

    Each plugin is chosen separately. A brief outage of the download site does not change an existing choice.
    """
    for choice in _choices():
        if any((folder / choice.folder / "state").rglob("stacks/*/*.json")):
            return choice
    own = Choice(frozenset(package for package in PACKAGES if _find_installed(package)))
    return OFFICIAL if own == OFFICIAL or find.internet() else own


def prepare(home: Path, chosen: Choice) -> None:
    """Install the plugins into this PULUMI_HOME; the engine downloads missing official plugins.

    Raises:
        LocalError: a plugin cannot be downloaded and no extension provides a stub.
    """
    for package in PACKAGES:
        if package not in chosen.official:
            stand_ins: StandIns = extensions.require("plugins", MISSING)
            stand_ins.install(home, versions.plugin(package), Path(sys.executable), package)
        elif own := _find_installed(package):
            _link(own, home / "plugins" / own.name)


def echoed(token: str) -> frozenset[str]:
    """Return the inputs of a resource type that are not read back from the emulator; empty without stubs."""
    stand_ins: StandIns | None = extensions.find("plugins")
    return frozenset() if stand_ins is None else stand_ins.echoed(token)


def _link(own: Path, folder: Path) -> None:
    """Create a folder of links, because the engine does not accept a link as a plugin folder."""
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
    """Return the official plugin's folder in the user's Pulumi home, or None; using it saves a download."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    own = home / "plugins" / f"resource-{package}-v{versions.plugin(package)}"
    return own if own.is_dir() else None


def _choices() -> Iterable[Choice]:
    """Yield every choice, beginning with all-official and all-stub."""
    yield from (OFFICIAL, STAND_IN)
    for bits in range(1, 2 ** len(PACKAGES) - 1):
        yield Choice(frozenset(package for index, package in enumerate(PACKAGES) if bits >> index & 1))

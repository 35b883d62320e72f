"""A workspace chooses its plugins, and uses those that the user has installed."""

import os
from pathlib import Path

import pytest

from local.engine import find, plugins, versions


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a PULUMI_HOME without plugins, on a machine without internet."""
    home = tmp_path / "user"
    monkeypatch.setenv("PULUMI_HOME", str(home))
    monkeypatch.setattr(find, "internet", lambda: False)
    return home


def put(home: Path, package: str) -> Path:
    """Install a plugin as the user would."""
    folder = home / "plugins" / f"resource-{package}-v{versions.plugin(package)}"
    folder.mkdir(parents=True)
    program = folder / f"pulumi-resource-{package}"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return folder


def test_users_plugin_becomes_a_folder_of_links(user: Path, tmp_path: Path) -> None:
    """Engine 3.259.0 ignores a symlink to a plugin folder, but accepts a folder of symlinks."""
    own = put(user, "aws")
    plugins.prepare(tmp_path / "home", plugins.choose(tmp_path / "pulumi"))
    folder = tmp_path / "home" / "plugins" / own.name
    assert folder.is_dir()
    assert not folder.is_symlink()
    assert (folder / "pulumi-resource-aws").readlink() == own / "pulumi-resource-aws"
    assert os.access(folder / "pulumi-resource-aws", os.X_OK)


def test_link_from_an_earlier_version_is_replaced(user: Path, tmp_path: Path) -> None:
    own = put(user, "aws")
    old = tmp_path / "home" / "plugins" / own.name
    old.parent.mkdir(parents=True)
    old.symlink_to(own)
    plugins.prepare(tmp_path / "home", plugins.choose(tmp_path / "pulumi"))
    assert not old.is_symlink()
    assert own.is_dir(), "the user's plugin is kept"


def test_each_plugin_is_chosen_independently(user: Path, tmp_path: Path) -> None:
    put(user, "aws")
    chosen = plugins.choose(tmp_path / "pulumi")
    assert (set(chosen.official), chosen.folder) == ({"aws"}, "official-aws")
    assert not chosen.downloads
    plugins.prepare(tmp_path / "home", chosen)
    stand_in = tmp_path / "home" / "plugins" / f"resource-kubernetes-v{versions.plugin('kubernetes')}"
    assert b"intermodal_offline.providers" in (stand_in / "pulumi-resource-kubernetes").read_bytes()


def test_the_users_plugins_are_all_official(user: Path, tmp_path: Path) -> None:
    for package in plugins.PACKAGES:
        put(user, package)
    assert plugins.choose(tmp_path / "pulumi") == plugins.OFFICIAL


def test_without_plugins_all_are_offline_providers(user: Path, tmp_path: Path) -> None:
    assert plugins.choose(tmp_path / "pulumi") == plugins.STAND_IN


def test_with_internet_all_plugins_are_official(user: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(find, "internet", lambda: True)
    put(user, "kubernetes")
    chosen = plugins.choose(tmp_path / "pulumi")
    assert chosen == plugins.OFFICIAL
    assert chosen.downloads


def test_workspace_with_a_stack_keeps_its_plugins(user: Path, tmp_path: Path) -> None:
    state = tmp_path / "pulumi" / "official-aws" / "state" / ".pulumi" / "stacks" / "one"
    state.mkdir(parents=True)
    (state / "dev.json").write_text("{}")
    assert plugins.choose(tmp_path / "pulumi") == plugins.Choice(frozenset({"aws"}))

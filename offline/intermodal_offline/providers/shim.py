"""Put a stand-in where a private PULUMI_HOME looks for the plugin of a package."""

import shlex
import sys
from pathlib import Path

from local import paths

HERE = Path(__file__).resolve().parents[2]

# A folder with a PulumiPlugin.yaml (`runtime: python`) would need a language host of its own; an executable needs none.
# -P keeps the program's folder, the working directory of a plugin, off the import path.
SHIM = """\
#!/bin/sh
PYTHONPATH={folders}"${{PYTHONPATH:+:$PYTHONPATH}}" exec {python} -P -m intermodal_offline.providers {package} "$@"
"""

MARKS = (b"intermodal_offline.providers", b"local.providers")
"""Modules that a shim runs; the second is what clones ran before this distribution."""


def install(pulumi_home: Path, version: str, python: Path = Path(sys.executable), package: str = "aws") -> Path:
    """Make the stand-in the plugin `resource <package> v<version>` of `pulumi_home`, and return its executable.

    `version` is the one of the installed SDK: the engine accepts no other. `python` runs the plugin and needs
    the packages of `intermodal[local]`.

    Raises:
        FileExistsError: the place is taken by another plugin, such as the official one.
    """
    folder = pulumi_home / "plugins" / f"resource-{package}-v{version.removeprefix('v')}"
    shim = folder / f"pulumi-resource-{package}"
    if folder.is_symlink() or (shim.exists() and not _is_own(shim)):
        raise FileExistsError(
            f"{folder} holds another {package} plugin; the stand-in does not replace it. Remove it first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = shim.with_suffix(".part")
    folders = shlex.quote(f"{HERE}:{paths.ROOT}")
    unfinished.write_text(SHIM.format(folders=folders, python=shlex.quote(str(python)), package=package))
    unfinished.chmod(0o755)
    unfinished.replace(shim)  # whole or not at all: the engine may look while we write
    return shim


def _is_own(shim: Path) -> bool:
    content = shim.read_bytes()
    return any(mark in content for mark in MARKS)

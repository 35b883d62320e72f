"""Install an offline provider as a plugin in a private PULUMI_HOME."""

import shlex
import sys
from pathlib import Path

from local import paths

HERE = Path(__file__).resolve().parents[2]

# Use an executable, because a PulumiPlugin.yaml (`runtime: python`) would require another language host.
# -P keeps the working directory, which is the Pulumi program's folder, off the import path.
SHIM = """\
#!/bin/sh
PYTHONPATH={folders}"${{PYTHONPATH:+:$PYTHONPATH}}" exec {python} -P -m intermodal_offline.providers {package} "$@"
"""

MARKS = (b"intermodal_offline.providers", b"local.providers")
"""Modules that a shim may run; `local.providers` was used before this distribution existed."""


def install(pulumi_home: Path, version: str, python: Path = Path(sys.executable), package: str = "aws") -> Path:
    """Install the offline provider as plugin `resource <package> v<version>` in `pulumi_home`; return its executable.

    `version` must equal the installed SDK's version, or the engine rejects the plugin. `python` runs the plugin and
    must have the packages from `intermodal[local]`.

    Raises:
        FileExistsError: another plugin, such as the official one, is already installed.
    """
    folder = pulumi_home / "plugins" / f"resource-{package}-v{version.removeprefix('v')}"
    shim = folder / f"pulumi-resource-{package}"
    if folder.is_symlink() or (shim.exists() and not _is_own(shim)):
        raise FileExistsError(
            f"{folder} contains another {package} plugin, which is not replaced; remove it and try again."
        )
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = shim.with_suffix(".part")
    folders = shlex.quote(f"{HERE}:{paths.ROOT}")
    unfinished.write_text(SHIM.format(folders=folders, python=shlex.quote(str(python)), package=package))
    unfinished.chmod(0o755)
    unfinished.replace(shim)  # atomic, because the engine may be reading it
    return shim


def _is_own(shim: Path) -> bool:
    content = shim.read_bytes()
    return any(mark in content for mark in MARKS)

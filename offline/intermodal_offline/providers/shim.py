"""Install an offline provider as a package's plugin in a private PULUMI_HOME."""

import shlex
import sys
from pathlib import Path

from local import paths

HERE = Path(__file__).resolve().parents[2]

# A folder with a PulumiPlugin.yaml (`runtime: python`) would need its own language host; an executable does not.
# -P keeps the plugin's working directory, which is the program's folder, off the import path.
SHIM = """\
#!/bin/sh
PYTHONPATH={folders}"${{PYTHONPATH:+:$PYTHONPATH}}" exec {python} -P -m intermodal_offline.providers {package} "$@"
"""

MARKS = (b"intermodal_offline.providers", b"local.providers")
"""Modules that a shim may run; the second one is from before this distribution existed."""


def install(pulumi_home: Path, version: str, python: Path = Path(sys.executable), package: str = "aws") -> Path:
    """Install the offline provider as plugin `resource <package> v<version>` in `pulumi_home`; return its executable.

    `version` must equal the installed SDK's, or the engine rejects the plugin. `python` runs the plugin and needs the
    packages from `intermodal[local]`.

    Raises:
        FileExistsError: another plugin, such as the official one, is installed there.
    """
    folder = pulumi_home / "plugins" / f"resource-{package}-v{version.removeprefix('v')}"
    shim = folder / f"pulumi-resource-{package}"
    if folder.is_symlink() or (shim.exists() and not _is_own(shim)):
        raise FileExistsError(
            f"{folder} contains a different {package} plugin, which is not replaced; remove that plugin first."
        )
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = shim.with_suffix(".part")
    folders = shlex.quote(f"{HERE}:{paths.ROOT}")
    unfinished.write_text(SHIM.format(folders=folders, python=shlex.quote(str(python)), package=package))
    unfinished.chmod(0o755)
    unfinished.replace(shim)  # atomic, because the engine may read it at the same time
    return shim


def _is_own(shim: Path) -> bool:
    content = shim.read_bytes()
    return any(mark in content for mark in MARKS)

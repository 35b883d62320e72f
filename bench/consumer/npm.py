"""Install sqs-consumer into the cache, once; it needs Node.js."""

import shutil
import subprocess
from pathlib import Path

from local import paths
from local.advice import LocalError
from local.console import step

PACKAGES = ("sqs-consumer@11.6.0", "@aws-sdk/client-sqs@3.864.0")


def folder() -> Path:
    """Return a folder that contains both packages.

    Raises:
        LocalError: npm is missing, or the installation failed.
    """
    made = paths.cache() / f"sqs-consumer-{PACKAGES[0].rpartition('@')[2]}"
    if (made / "done").exists():
        return made
    if shutil.which("npm") is None:
        raise LocalError("npm is missing, but the benchmark needs it to run sqs-consumer; install Node.js 18 or later.")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    with step("Installing sqs-consumer"):
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES],
            cwd=made, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise LocalError(f"npm could not install {' '.join(PACKAGES)}; run this again: {done.stderr[-600:]}")
    shutil.copy(Path(__file__).with_name("consume.mjs"), made)
    (made / "done").touch()
    return made

"""Install the npm package sqs-consumer into the cache."""

import shutil
import subprocess
from pathlib import Path

from local import paths
from local.advice import LocalError
from local.console import step

PACKAGES = ("sqs-consumer@11.6.0", "@aws-sdk/client-sqs@3.864.0")


def folder() -> Path:
    """Return the folder that contains both packages; install them if necessary.

    Raises:
        LocalError: npm is not installed, or the installation of the packages failed.
    """
    made = paths.cache() / f"sqs-consumer-{PACKAGES[0].rpartition('@')[2]}"
    if (made / "done").exists():
        return made
    if shutil.which("npm") is None:
        raise LocalError(
            "npm is not installed, but the sqs-consumer benchmark requires it; install Node.js 18 or later."
        )
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    with step("Installing sqs-consumer"):
        done = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", *PACKAGES],
            cwd=made, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise LocalError(
            f"npm could not install {' '.join(PACKAGES)}; fix the error and run this again: {done.stderr[-600:]}"
        )
    shutil.copy(Path(__file__).with_name("consume.mjs"), made)
    (made / "done").touch()
    return made

"""Build aws-lambda-rie, the AWS Lambda runtime interface emulator, from its Go module."""

import os
import shutil
import subprocess
from pathlib import Path

from local.cache import build_once
from local.console import step

MODULE = Path(__file__).with_name("rie_module")
PACKAGE = "github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie"
KEY = "rie/bef5c4ba774d"
RECORDED_PER_SECOND = 1060.0
"""Sequential POST requests per second on a machine with two cores, used if the emulator cannot be built."""


def binary() -> Path | None:
    """Return the emulator's path, or None if Go or the modules are not available; build it once per machine."""
    try:
        return build_once(KEY, _build) / "aws-lambda-rie"
    except (OSError, subprocess.CalledProcessError):
        return None


def _build(folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise FileNotFoundError("go")
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
    with step("Building aws-lambda-rie from its Go module", "takes one to four minutes, once per machine"):
        command = [go, "build", "-trimpath", "-buildvcs=false", "-o", str(folder / "aws-lambda-rie"), PACKAGE]
        subprocess.run(command, cwd=MODULE, env=environment, check=True, capture_output=True)

"""Define the command that runs the awslambdaric client with a function that does nothing."""

import os
import sys
from pathlib import Path

from local import paths

COMMAND = [sys.executable, "-m", "awslambdaric", "app.handler"]


def environment() -> dict[str, str]:
    """Return environment variables that let the client import the function and this package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(paths.ROOT)])}

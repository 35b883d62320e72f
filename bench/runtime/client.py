"""Run the real awslambdaric client with a function that does nothing."""

import os
import sys
from pathlib import Path

from local import paths

COMMAND = [sys.executable, "-m", "awslambdaric", "app.handler"]


def environment() -> dict[str, str]:
    """Return the environment variables that it needs to find the function and this benchmark."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(paths.ROOT)])}

"""Run the `intermodal` command with `python -m intermodal`."""

import sys

from intermodal.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m intermodal` is the command `intermodal`."""

import sys

from intermodal.cli import main

if __name__ == "__main__":
    sys.exit(main())

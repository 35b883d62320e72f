"""Run ministack with the patches for its services; functions are only stored here, never run."""

import sys

from local.aws import patching

if __name__ == "__main__":
    patching.apply_to_services()
    from ministack import app  # it reads its settings from the environment when it is imported

    sys.argv = ["ministack"]
    app.main()

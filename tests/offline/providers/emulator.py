"""ministack with the patches of its services; functions are only stored here, and never run."""

import sys

from local.aws import patching

if __name__ == "__main__":
    patching.apply_to_services()
    from ministack import app  # reads its settings from the environment at import

    sys.argv = ["ministack"]
    app.main()

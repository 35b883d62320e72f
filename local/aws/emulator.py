"""Run the AWS emulator, a patched ministack: `python -m local.aws.emulator`."""

import logging
import os
import sys
import threading
from pathlib import Path

from local.aws import consumers, patching
from local.aws.ecs.tasks import Tasks
from local.aws.environments import Environments
from local.aws.settings import Emulator

SAVE_SECONDS = 5.0
"""Interval between saves. ministack saves only on a clean exit, so a killed emulator would lose everything."""


def main() -> None:
    """Serve until SIGTERM."""
    emulator = Emulator(folder=Path(os.environ["INTERMODAL_EMULATOR_FOLDER"]), port=int(os.environ["GATEWAY_PORT"]))
    emulator.port_file.write_text(str(emulator.port))
    emulator.pid_file.write_text(str(os.getpid()))
    environments = Environments(emulator, os.environ["DOCKER_HOST"])
    environments.remove_leftovers()
    tasks = Tasks(emulator, os.environ["DOCKER_HOST"])
    tasks.remove_leftovers()
    patching.apply(environments, tasks)
    from ministack import app  # noqa: PLC0415 - it reads its settings from the environment on import

    threading.Thread(target=_save_periodically, daemon=True).start()
    consumers.listen()
    tasks.begin()
    sys.argv = ["ministack"]
    try:
        app.main()
    finally:
        tasks.close()
        environments.close()


def _save_periodically() -> None:
    from ministack import app  # noqa: PLC0415
    from ministack.core import persistence  # noqa: PLC0415

    logging.getLogger("persistence").setLevel(logging.WARNING)  # at INFO, it logs one line per service for every save
    while True:
        threading.Event().wait(SAVE_SECONDS)
        persistence.save_all(app._build_persistence_save_dict())  # noqa: SLF001 - checked by patching.apply


if __name__ == "__main__":
    main()

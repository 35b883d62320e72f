"""Which images the program needs, found by running it with mocks: nothing is deployed, no plugin is needed."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi

from intermodal import IntermodalError
from intermodal.images import reference as image
from local import paths
from local.advice import LocalError


def build_folders(config: dict[str, str]) -> list[str]:
    """Folders of the clone that the stack with this config builds images from.

    Raises:
        LocalError: the program refuses its config, in its own words.
    """
    done = subprocess.run(
        [sys.executable, "-m", "local.program", json.dumps(config)],
        cwd=paths.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LocalError(done.stderr.strip() or "The program failed and said nothing.")
    folders: list[str] = json.loads(done.stdout.splitlines()[-1])
    return folders


class _Recorder(pulumi.runtime.Mocks):
    def __init__(self) -> None:
        self.folders: set[str] = set()
        self._reference = image.reference

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return args.name, dict(args.inputs)

    def reference(self, folder: str) -> str:
        """In place of the library's own: every image that is built is asked for by its folder."""
        found = self._reference(folder)
        self.folders.add(folder)
        return found

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:  # noqa: ARG002 - the base class's
        return {"accountId": "000000000000", "region": "eu-central-1"}


def main() -> None:
    """Print the folders as JSON, last."""
    recorder = _Recorder()
    image.reference = recorder.reference
    # As in a preview: what only a cloud knows stays unknown, so nothing is computed from invented values.
    pulumi.runtime.set_mocks(recorder, project="intermodal", stack="local", preview=True)
    pulumi.runtime.set_all_config(json.loads(sys.argv[1]))
    try:
        pulumi.runtime.test(lambda: runpy.run_path(str(Path("__main__.py"))))()  # type: ignore[no-untyped-call]
    except IntermodalError as error:
        sys.exit(str(error))
    print(json.dumps(sorted(recorder.folders)))


if __name__ == "__main__":
    main()

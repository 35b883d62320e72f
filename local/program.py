"""Find the images that the Pulumi program needs by running it with mocks, without deploying or using plugins."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.mocks import MockMonitor

from intermodal import IntermodalError
from intermodal.images.reference import folder_of
from local import paths
from local.advice import LocalError

FUNCTION, PLATFORM = "intermodal:index:ContainerFunction", "intermodal:index:Platform"


def build_folders(config: dict[str, str]) -> list[str]:
    """Return the clone's folders from which a stack with this config builds images.

    Raises:
        LocalError: the program rejects the config; the message is the program's error.
    """
    done = subprocess.run(
        [sys.executable, "-m", "local.program", json.dumps(config)],
        cwd=paths.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LocalError(
            done.stderr.strip()
            or f"The program failed without a message (exit code {done.returncode}); run `pulumi up` for details."
        )
    folders: list[str] = json.loads(done.stdout.splitlines()[-1])
    return folders


class _Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return args.name, dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:  # noqa: ARG002 - the base class defines the signature
        return {"accountId": "000000000000", "region": "eu-central-1"}


class _Monitor(MockMonitor):
    """Monitor that collects images from the outputs of functions and platforms."""

    def __init__(self) -> None:
        super().__init__(_Mocks())
        self.images: set[str] = set()

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - gRPC method name
        outputs = MessageToDict(request.outputs)
        if request.urn.split("::")[-2].endswith(FUNCTION):
            self.images.add(outputs.get("image") or "")
        if request.urn.split("::")[-2].endswith(PLATFORM):
            self.images.add(outputs.get("adapter_image") or "")
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def main() -> None:
    """Print the folders as a JSON array on the last line."""
    monitor = _Monitor()
    # Preview mode keeps cloud outputs unknown, so the program computes nothing from mock values.
    pulumi.runtime.set_mocks(monitor.mocks, project="intermodal", stack="local", preview=True, monitor=monitor)
    pulumi.runtime.set_all_config(json.loads(sys.argv[1]))
    try:
        pulumi.runtime.test(lambda: runpy.run_path(str(Path("__main__.py"))))()  # type: ignore[no-untyped-call]
    except IntermodalError as error:
        sys.exit(str(error))
    print(json.dumps(sorted(filter(None, map(folder_of, monitor.images)))))


if __name__ == "__main__":
    main()

"""Record everything that a program registers: type, name, parent, inputs, options and outputs.

`python -m tests.judge.registered FOLDER` writes one JSON file for each rendering and example; run it at two commits
and compare the folders. `test_golden.py` compares the digests (`--digests`) with the committed ones.
"""

import contextlib
import hashlib
import json
import re
import runpy
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import yaml
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.mocks import MockMonitor

from intermodal.testing import ACCOUNT, REGION, Mocks
from tests.judge.renderings import RENDERINGS

ROOT = Path(__file__).parents[2]

OPTIONS = (
    "parent",
    "custom",
    "protect",
    "dependencies",
    "deleteBeforeReplace",
    "ignoreChanges",
    "replaceOnChanges",
    "retainOnDelete",
    "customTimeouts",
    "aliases",
    "aliasURNs",
    "deletedWith",
)
"""Options that the engine stores beside the inputs."""

ADOPTED = {
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": '["subnet-0123456789abcdef0"]',
    "role_arn": f"arn:aws:iam::{ACCOUNT}:role/invoices",
    "queue_arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:invoices",
    "queue_url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/invoices",
}

STACK_FILES = {
    ".": "stacks/Pulumi.local.yaml",
    "examples/functions": "examples/functions/Pulumi.dev.yaml",
}
"""Configuration files by program folder, as the engine would read them."""

SHARED, FUNCTIONS = "examples-shared", "examples-functions"
"""Names of two programs; the second one reads the platform of the first."""

Registrations = dict[str, dict[str, Any]]


class Recorder(MockMonitor):
    """Engine monitor that records each registration by `type name`."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.registrations: Registrations = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the call
        """Record the request, and respond as the mocks do."""
        message = MessageToDict(request)
        kept = {key: message[key] for key in OPTIONS if message.get(key)}
        for key in ("dependencies", "aliasURNs"):
            if key in kept:
                kept[key] = sorted(kept[key])
        self.registrations[f"{request.type} {request.name}"] = {**kept, "inputs": message.get("object", {})}
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the name of the call
        """Record a component's outputs."""
        _, _, rest = request.urn.partition("::")
        typ, name = rest.split("::")[-2].split("$")[-1], rest.split("::")[-1]
        message = MessageToDict(request)
        self.registrations.setdefault(f"{typ} {name}", {})["outputs"] = message.get("outputs", {})
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


class ReferenceMocks(Mocks):
    """Mocks with a platform behind every stack reference."""

    def __init__(self, exported: Mapping[str, Any]) -> None:
        super().__init__()
        self._exported = exported

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Resolve a stack reference to a stack that exports the platform."""
        if args.typ == "pulumi:pulumi:StackReference":
            outputs = {"platform": dict(self._exported)}
            return args.name, {**args.inputs, "outputs": outputs, "secretOutputNames": []}
        return super().new_resource(args)


def programs() -> Mapping[str, tuple[Callable[[], object], str, str]]:
    """Return every program by name, with its project and stack."""
    found: dict[str, tuple[Callable[[], object], str, str]] = {
        rendering.name.replace(" ", "-"): (rendering.program, rendering.project, rendering.stack)
        for rendering in RENDERINGS
    }
    for file in [ROOT / "__main__.py", *sorted((ROOT / "examples").glob("*/__main__.py"))]:
        folder = file.parent.relative_to(ROOT).as_posix()
        name = "demo" if folder == "." else folder.replace("/", "-")
        found[name] = (partial(_run, folder), "shop", "dev")
    return found


def _run(folder: str) -> None:
    with contextlib.chdir(ROOT / folder):
        runpy.run_path("__main__.py")


def configuration(folder: str) -> dict[str, str]:
    """Return the configuration of the program in `folder`, in the format that the engine passes to programs."""
    values: dict[str, str] = {f"shop:{key}": value for key, value in ADOPTED.items()}
    values["shop:platform"] = "organization/shared/dev"
    if folder in STACK_FILES:
        content = yaml.safe_load((ROOT / STACK_FILES[folder]).read_text())["config"]
        values |= {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in content.items()
            if key.startswith("intermodal:")
        }
    return values


Run = Callable[[Callable[[], object], str, str, Recorder], None]


def record(name: str, run: Run) -> Registrations:
    """Run one program with `run(program, project, stack, monitor)` and return its registrations."""
    program, project, stack = programs()[name]
    exported = record(SHARED, run)["intermodal:index:Platform shared"]["outputs"]["handle"] if name == FUNCTIONS else {}
    recorder = Recorder(ReferenceMocks(exported))
    folder = {"demo": "."}.get(name, name.replace("-", "/", 1))
    pulumi.runtime.set_all_config(configuration(folder))
    run(program, project, stack, recorder)
    return recorder.registrations


CONTENT = re.compile(r":[0-9a-f]{20}(?![0-9a-f])")
"""Tag of a built image: a hash of its folder, which may change even if the library does not."""


def digests(registrations: Registrations) -> list[str]:
    """Return one line per registration: type, name and a digest of the rest."""
    lines = []
    for key, kept in sorted(registrations.items()):
        text = CONTENT.sub(":content", json.dumps(kept, sort_keys=True))
        lines.append(f"{key} {hashlib.sha256(text.encode()).hexdigest()[:12]}")
    return lines


def run_alone(program: Callable[[], object], project: str, stack: str, monitor: Recorder) -> None:
    """Run a program in this process."""
    pulumi.runtime.set_mocks(monitor.mocks, project=project, stack=stack, monitor=monitor)
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


def main(folder: Path, *, only_digests: bool) -> None:
    """Write the registrations of every program into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in programs():
        registrations = record(name, run_alone)
        if only_digests:
            (folder / f"{name}.txt").write_text("\n".join(digests(registrations)) + "\n")
        else:
            (folder / f"{name}.json").write_text(json.dumps(registrations, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), only_digests="--digests" in sys.argv)

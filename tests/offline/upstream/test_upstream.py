"""The emulator handles the official aws plugin's calls, made with its SDK: protocols, filters and waiters.

The plugin is not available on a machine without internet, but its SDK is, as a Go module.
"""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from intermodal_offline import golang
from intermodal_offline.providers.aws import ROWS
from local.cache import build_once

SOURCE = Path(__file__).parent


@pytest.fixture(scope="module")
def errors_by_type(emulator: str) -> dict[str, list[str]]:
    """Return the errors by resource type."""
    done = subprocess.run(
        [program(), emulator], capture_output=True, text=True, check=False, timeout=300, env={"PATH": os.defpath}
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        found.setdefault(answer["type"], []).append(answer["error"])
    return found


def program() -> Path:
    """Build the Go program once per source hash; the first build takes minutes, mostly for EC2's module."""
    go = golang.find("A Go program makes the official aws plugin's calls; install Go 1.24 or later.")
    sources = sorted([*SOURCE.glob("*.go"), SOURCE / "go.mod", SOURCE / "go.sum"])
    digest = hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]

    def build(folder: Path) -> None:
        golang.run(go, SOURCE, "build", "-trimpath", "-buildvcs=false", "-o", str(folder / "upstream"), ".",
                   purpose="the official aws plugin's calls")  # fmt: skip

    return build_once(f"upstream-{digest}", build) / "upstream"


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_type_responds_as_the_official_plugin_expects(errors_by_type: dict[str, list[str]], kind: str) -> None:
    assert [error for error in errors_by_type[kind] if error] == []


def test_every_call_is_for_a_type_in_the_table(errors_by_type: dict[str, list[str]]) -> None:
    assert errors_by_type.keys() == ROWS.keys()

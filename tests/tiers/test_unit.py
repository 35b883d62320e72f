"""The unit tier needs no Docker, no emulator and no cluster."""

import subprocess
import sys

from tests.conftest import ROOT

COLLECT = """
import sys
import pytest
folders = ["tests/unit", "tests/runtime", "--ignore=tests/unit/local"]
status = pytest.main([*folders, "--collect-only", "-qq", "-pno:xdist"])
print("status", int(status), "imported", sorted({"docker", "kubernetes", "local", "ministack"} & set(sys.modules)))
"""


def test_unit_tests_import_no_docker_emulator_or_cluster() -> None:
    found = subprocess.run(
        [sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert found.stdout.endswith("status 0 imported []\n"), found.stdout[-2000:] + found.stderr[-2000:]

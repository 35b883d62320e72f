"""The output of `make` can be pasted into a shell."""

import subprocess

from local import paths


def test_help_prints_one_dollar() -> None:
    """A shell would replace `$$` with its process ID."""
    said = subprocess.run(["make", "help"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    assert 'eval "$(make -s env)"' in said
    assert "$$" not in said

"""What `make` prints can be pasted."""

import subprocess

from local import paths


def test_help_prints_one_dollar() -> None:
    """Two would be the shell's process id."""
    said = subprocess.run(["make", "help"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    assert 'eval "$(make -s env)"' in said
    assert "$$" not in said

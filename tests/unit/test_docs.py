"""Check the source tree; `docs/` beside this file tests the documents."""

import re

from tests.conftest import ROOT


def test_every_test_file_is_collected() -> None:
    """Check file names: pytest never runs tests in a file whose name does not match its pattern."""
    hidden = [
        path
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"^def test_", path.read_text(), re.MULTILINE) and not path.name.startswith("test_")
    ]
    assert hidden == []


def test_makefile_documents_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"\.PHONY: (.*?)\n\n", makefile, re.DOTALL)
    assert declared
    targets = declared.group(1).replace("\\\n", " ").split()
    explained = re.findall(r"^([a-z.]+):.*## .+$", makefile, re.MULTILINE)
    assert sorted(targets) == sorted(explained)

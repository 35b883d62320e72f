"""What the documents show is what the tree has: every code block is a piece of a file that is run by a test."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = {
    "python": ["__main__.py"],
    "yaml": ["stacks/Pulumi.local.yaml"],
    "dockerfile": ["examples/thumbnails/Dockerfile"],
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)|src=\"(?!https?:)([^\"]+)\"")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_code_block_is_a_piece_of_a_file(document: Path) -> None:
    for language, code in BLOCK.findall(document.read_text()):
        if language not in SOURCES:
            assert language in {"console", "json"}, f"{language}: say where it is run"
            continue
        texts = [(ROOT / source).read_text() for source in SOURCES[language]]
        assert any(code in text for text in texts), f"not in {SOURCES[language]}:\n{code}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for markdown, picture in LINK.findall(document.read_text()):
        assert (document.parent / (markdown or picture)).exists(), markdown or picture


def test_every_test_file_is_collected() -> None:
    """A file with tests under a name that pytest does not look for would never run."""
    hidden = [
        path
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"^def test_", path.read_text(), re.MULTILINE) and not path.name.startswith("test_")
    ]
    assert hidden == []


def test_the_makefile_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = re.search(r"\.PHONY: (.*?)\n\n", makefile, re.DOTALL)
    assert declared
    targets = declared.group(1).replace("\\\n", " ").split()
    explained = re.findall(r"^([a-z.]+):.*## .+$", makefile, re.MULTILINE)
    assert sorted(targets) == sorted(explained)

"""Provide MkDocs hooks that generate pages, list the decisions, and convert links to repository files."""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from website import reference

ROOT = reference.ROOT
DOCS = ROOT / "docs"

AT_ROOT = {"index.md": "README.md", "contributing/index.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
"""Files in the repository's root that are site pages, by path on the site."""

LINK = re.compile(r"(\]\()(?!https?:|#)([^)#\s]+)")
SOURCE = "source/"
"""Folder for the pages that show repository files."""

LANGUAGES = {".py": "python", ".yaml": "yaml", ".json": "json", ".sh": "bash", ".md": "markdown"}
SEARCH: dict[str, dict[str, Any]] = {
    "symptoms": {"boost": 4},
    "how-to": {"boost": 2},
    "decisions": {"boost": 0.5},
    "source": {"exclude": True},
}
"""Search settings by folder."""

SHOWN = 400
"""Maximum number of lines shown on a source file's page."""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the decisions to the navigation."""
    decisions = [f"decisions/{file.name}" for file in sorted((DOCS / "decisions").glob("*.md"))]
    _fill(config.nav or [], decisions)
    return config


def _fill(entries: list[Any], decisions: list[str]) -> None:
    for entry in entries:
        for title, value in entry.items() if isinstance(entry, dict) else ():
            if value == "decisions":
                entry[title] = decisions
            elif isinstance(value, list):
                _fill(value, decisions)


@event_priority(100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference, the pages from the repository's root, and a page for each linked source file.

    This hook runs before the plugins, so that they process these pages too.
    """
    made = reference.pages() | {page: (ROOT / file).read_text() for page, file in AT_ROOT.items()}
    texts = {file.src_uri: file.content_string for file in files.documentation_pages()} | made
    for page, text in texts.items():
        for link in LINK.finditer(text):
            file = _file_of(page, link[2])
            if file:
                made[_page_of(file)] = _source(file)
    for path, text in made.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - MkDocs' API
    """Replace links to repository files with links to their pages."""
    folder = page.file.src_uri.partition("/")[0]
    page.meta.setdefault("search", SEARCH.get(folder, {}))
    if page.file.src_uri.startswith(SOURCE):
        return markdown
    return LINK.sub(lambda link: link[1] + _rewrite(page.file.src_uri, link[2]), markdown)


def _rewrite(page: str, target: str) -> str:
    here = posixpath.dirname(page)
    file = _file_of(page, target)
    if file:
        return posixpath.relpath(_page_of(file), here or ".")
    if page in AT_ROOT and (inside := _inside(target)):
        return posixpath.relpath(inside, here or ".")
    return target


def _inside(target: str) -> str:
    """Return the site page for a link in a root file, or an empty string if there is none."""
    path = posixpath.normpath(target)
    for site, root in AT_ROOT.items():
        if path == root:
            return site
    return path.removeprefix("docs/") if path.startswith("docs/") else ""


def _file_of(page: str, target: str) -> Path | None:
    """Return the repository file to which a link points, or None if the target is not one or is a site page."""
    base = ROOT if page in AT_ROOT else (DOCS / page).parent
    path = (base / target).resolve()
    inside = path.is_relative_to(DOCS) or path in {ROOT / file for file in AT_ROOT.values()}
    return path if path.is_file() and not inside else None


def _page_of(file: Path) -> str:
    return f"{SOURCE}{file.relative_to(ROOT).as_posix()}.md"


def _source(file: Path) -> str:
    lines = file.read_text().splitlines()
    rest = f"\n\nThis page shows the first {SHOWN} of {len(lines)} lines." if len(lines) > SHOWN else ""
    language = LANGUAGES.get(file.suffix, "text")
    body = "\n".join(line for line in lines[:SHOWN] if "--8<--" not in line)
    return f"# `{file.relative_to(ROOT).as_posix()}`\n\n````{language}\n{body}\n````{rest}\n"
